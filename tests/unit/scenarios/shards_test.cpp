#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "scenarios/results.hpp"
#include "scenarios/scenario_reader.hpp"
#include "scenarios/summary.hpp"
#include "scenarios/worker.hpp"
#include "tests/fakes/fake_loop.hpp"
#include "tests/unit/scenarios/simulated_server.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;

/// Times that are the request's own, over three powers of ten, and so the same in any shard.
mcp::Duration time_of(const Ask& ask) {
  Random random(static_cast<std::uint64_t>(ask.id), 7, 0);
  return std::chrono::microseconds(
      static_cast<std::int64_t>(std::exp(random.exponential() * 2) * 500));
}

/// What one machine measures of a server in virtual time that stands still for a while and forgets
/// sessions that idle.
Results run(const std::string& text, Shard shard) {
  const auto scenario = read_scenario(text);
  REQUIRE_MESSAGE(scenario.has_value(), to_text("f", scenario.error()));
  mcp::FakeLoop loop;
  SimulatedServer server(loop);
  server.service_of = time_of;
  server.session_ttl = 3s;
  server.freeze(8s, 9500ms);
  const Plan plan(*scenario, shard);
  Worker worker(
      {.plan = plan, .loop = loop, .make_port = server.port_maker(), .start = loop.now()});
  worker.run();
  return {.scenario = "shards",
          .seed = scenario->seed,
          .shards = {shard.index + 1},
          .shards_of = shard.count,
          .thresholds = {},
          .recording = worker.recording()};
}

constexpr const char* bursts = R"(
agents: {count: 41, arrive: {poisson: 10/s}}
duration: 40s
timeout: 1s
requests: [{call: echo, weight: 3, arguments: {text: "${agent.id} ${iteration}"}}, ping]
script: [connect, {repeat: [{burst: 10/2s}, {idle: "2s ± 70 %"}]}]
)";
constexpr const char* rates = R"(
agents: {count: 41, arrive: {over: 2s}}
spread: poisson
timeout: 1s
phases: [ramp: {to: 200/s, over: 5s}, steady: {rate: 200/s, for: 10s}]
requests: [{call: echo}, {list: tools}]
)";

TEST_CASE("shards: four machines that share a run measure, merged, what one machine measures") {
  for (const std::string text : {bursts, rates}) {
    CAPTURE(text);
    const auto one = run(text, {});
    std::vector<Results> parts;
    for (std::uint32_t index = 0; index < 4; ++index) {
      // As each machine writes its file.
      const auto read = read_results(write_results(run(text, {.index = index, .count = 4})));
      REQUIRE_MESSAGE(read.has_value(), read.error().message);
      parts.push_back(*read);
    }
    const auto merged = merge_results(parts);
    REQUIRE_MESSAGE(merged.has_value(), merged.error().message);
    const auto whole = summarize(one.recording);
    CHECK(whole.all.requests > 1000);
    CHECK(whole.all.failures.at(index_of(Failure::timeout)) > 10);
    CHECK(whole.sessions_opened == 41);

    // Counts, histograms, seconds, incidents: not a step of a percentile differs.
    auto expected = one.recording;
    expected.threads = 4;
    CHECK(merged->recording == expected);
    const auto sum = summarize(merged->recording);
    CHECK(sum.all.requests == whole.all.requests);
    CHECK(sum.all.from_intended.p99 == whole.all.from_intended.p99);
    for (const auto& part : parts) CHECK(part.recording != expected);
  }
}

TEST_CASE("shards: sessions that the server forgot are found by whichever machine has them") {
  const auto one = summarize(run(bursts, {}).recording);
  CHECK(one.sessions_lost > 5);
  std::uint64_t lost = 0;
  for (std::uint32_t index = 0; index < 4; ++index)
    lost += summarize(run(bursts, {.index = index, .count = 4}).recording).sessions_lost;
  CHECK(lost == one.sessions_lost);
}

}  // namespace
}  // namespace scenarios
