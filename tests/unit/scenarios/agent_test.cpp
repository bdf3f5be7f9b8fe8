#include "scenarios/agent.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/scenario_reader.hpp"
#include "tests/fakes/fake_loop.hpp"
#include "tests/unit/scenarios/simulated_server.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;

/// A run of all agents of a scenario against the simulated server, in virtual time.
struct Run {
  explicit Run(std::string_view text, Shard shard = {})
      : plan(read(text), shard),
        server(loop),
        recorder({.steps = plan.steps(), .start = loop.now()}) {
    const AgentSurroundings around{.plan = plan,
                                   .loop = loop,
                                   .recorder = recorder,
                                   .run_start = loop.now(),
                                   .rollout = &rollout,
                                   .on_finished = [this](AgentId) { ++finished; }};
    for (const auto& agent : plan.agents()) {
      agents.push_back(std::make_unique<Agent>(around, agent, server.port_maker()));
      agents.back()->start();
    }
  }
  static Scenario read(std::string_view text) {
    const auto scenario = read_scenario(text);
    REQUIRE_MESSAGE(scenario.has_value(), to_text("f", scenario.error()));
    return *scenario;
  }
  const StepTotals& step(std::string_view method) const {
    const auto found = std::ranges::find(plan.steps(), method, &Step::method);
    REQUIRE(found != plan.steps().end());
    return recorder.recording().by_step.at(static_cast<std::size_t>(found - plan.steps().begin()));
  }
  const Totals& totals() const { return recorder.recording().totals; }
  std::vector<mcp::Duration> times() const {
    std::vector<mcp::Duration> result;
    for (const auto& seen : server.seen) result.push_back(seen.at);
    return result;
  }
  std::uint64_t failures(std::string_view method, Failure failure) const {
    return step(method).failures.at(index_of(failure));
  }

  mcp::FakeLoop loop;
  Plan plan;
  SimulatedServer server;
  Recorder recorder;
  RolloutTracker rollout;
  std::size_t finished = 0;
  std::vector<std::unique_ptr<Agent>> agents;
};
using Times = std::vector<mcp::Duration>;

TEST_CASE("agent: bursts and idles come at their times, and the session is closed at the end") {
  Run run(
      "duration: 20s\nrequests: [ping]\nscript: [connect, {repeat: [{burst: 4/2s}, {idle: "
      "5s}]}]\n");
  run.loop.advance(30s);
  // The script begins when the session is there, after two milliseconds.
  CHECK(run.times() == Times{2ms, 502ms, 1002ms, 1502ms, 7002ms, 7502ms, 8002ms, 8502ms, 14002ms,
                             14502ms, 15002ms, 15502ms});
  CHECK(run.step("ping").requests == 12);
  CHECK(run.totals().sessions_opened == 1);
  CHECK(run.totals().sessions_closed == 1);
  CHECK(run.server.closed == 1);
  CHECK(run.finished == 1);
  CHECK(run.loop.timers() == 0);
  const auto sampled = run.recorder.recording().activity.sampled();
  REQUIRE(sampled.size() == 1);
  CHECK(sampled[0].intervals.at(0) == Interval{2ms, 2002ms, Activity::burst});
  CHECK(sampled[0].intervals.at(1) == Interval{2002ms, 7002ms, Activity::idle});
  CHECK(sampled[0].intervals.back() == Interval{16002ms, 20s, Activity::idle});
}

TEST_CASE("agent: in an open loop a frozen server delays no start, and every latency shows it") {
  Run run(
      "phases: [steady: {rate: 100/s, for: 10s}]\nrequests: [ping]\nagents: {count: 1, in_flight: "
      "1000}\n");
  run.server.freeze(4s, 7s);
  run.loop.advance(30s);
  CHECK(run.server.seen.size() == 1000);
  CHECK(run.times().at(350) == 4500ms);
  CHECK(run.server.most_open == 301);
  CHECK(run.step("ping").requests == 1000);
  // 300 requests waited for 0 to 3 seconds.
  CHECK(run.step("ping").from_intended.percentile(90) == doctest::Approx(2'000'000).epsilon(0.01));
  CHECK(run.step("ping").from_start.percentile(90) == doctest::Approx(2'000'000).epsilon(0.01));
  CHECK(run.recorder.recording().lag.max() == 0);
}

TEST_CASE("agent: at the bound of open requests the wait is latency, and no lag of the driver") {
  Run run(
      "phases: [steady: {rate: 100/s, for: 10s}]\nrequests: [ping]\nagents: {count: 1, in_flight: "
      "2}\n");
  run.server.freeze(4s, 7s);
  run.loop.advance(30s);
  CHECK(run.server.most_open == 2);
  CHECK(run.step("ping").requests == 1000);
  CHECK(run.step("ping").from_intended.percentile(90) > 1'900'000);
  CHECK(run.step("ping").from_start.percentile(90) < 10'000);
  CHECK(run.totals().late == 0);
}

TEST_CASE("agent: what waits beyond its timeout is a timeout, sent or not") {
  Run run(
      "phases: [steady: {rate: 10/s, for: 10s}]\nrequests: [ping]\nagents: {count: 1, in_flight: "
      "2}\ntimeout: 1s\n");
  run.server.freeze(2s, 100s);
  run.loop.advance(30s);
  CHECK(run.failures("ping", Failure::timeout) == 90);
  CHECK(run.step("ping").requests == 100);
  CHECK(run.step("ping").from_intended.percentile(50) >= 1'000'000);
  CHECK(run.step("ping").from_intended.max() <= 1'001'000);
}

TEST_CASE("agent: in a closed loop each request waits for the answer to the one before") {
  Run run("loop: closed\nduration: 1s\nscript: [connect, {repeat: [ping, {think: 90ms}]}]\n");
  run.server.service = 10ms;
  run.loop.advance(2s);
  CHECK(run.times() == Times{2ms, 102ms, 202ms, 302ms, 402ms, 502ms, 602ms, 702ms, 802ms, 902ms});
  CHECK(run.server.most_open == 1);
  CHECK(run.recorder.recording().lag.max() == 0);
}

TEST_CASE("agent: a lost session is noted once, replaced, and the script goes on") {
  Run run(
      "duration: 10s\nrequests: [ping]\nscript: [connect, {repeat: [{burst: 10/1s}, {idle: "
      "1s}]}]\n");
  run.server.service = 250ms;  // some are open when the loss is told
  run.loop.advance(4500ms);
  run.server.forget_sessions();
  run.loop.advance(20s);
  CHECK(run.step("ping").requests == 50);
  CHECK(run.failures("ping", Failure::session_lost) == 3);
  CHECK(run.recorder.recording().statuses.at(404) == 3);
  CHECK(run.recorder.recording().incidents.count(Subject::session) == 1);
  CHECK(run.totals().sessions_opened == 1);
  CHECK(run.totals().sessions_reinitialised == 1);
  CHECK(run.recorder.recording().time_to_return.max() == 2'000);
  CHECK(run.step("connect").requests == 2);
  // The loss is told by the ping of 4502 ms, a quarter of a second later.
  const auto loss = run.recorder.recording().incidents.first().at(0);
  CHECK(loss.age == 4750ms);
  CHECK(loss.answers == 25);
  // From the last answer of a burst to the first ping of the next one.
  CHECK(run.recorder.recording().longest_idle == 850ms);
}

TEST_CASE("agent: sessions that are lost before their first answer are not opened in a rush") {
  Run run("phases: [steady: {rate: 100/s, for: 10s}]\nrequests: [ping]\n");
  run.server.session_ttl = 0ms;
  run.loop.advance(30s);
  // At once, then after 0.25, 0.5, 1, 2, 4 and 5 seconds.
  CHECK(run.step("connect").requests == 7);
  CHECK(run.recorder.recording().incidents.count(Subject::session) == 7);
  CHECK(run.recorder.recording().incidents.first().at(3).answers == 0);
}

TEST_CASE("agent: every session that a restart loses is followed until it is back") {
  Run run(
      "agents: {count: 20, arrive: {over: 2s}}\nduration: 30s\n"
      "script: [connect, {repeat: [ping, {think: 1s ± 10 %}]}]\n");
  run.loop.advance(10s);
  run.server.forget_sessions();
  run.server.refuses = true;
  run.loop.advance(3s);
  run.server.refuses = false;
  run.loop.advance(60s);
  const auto summary = run.rollout.report();
  CHECK(summary.lost == 20);
  CHECK(summary.never_back == 0);
  CHECK(summary.by_status == std::map<int, std::uint64_t>{{404, 20}});
  REQUIRE(summary.losses.size() == 20);
  CHECK(summary.losses.front().lost >= 10s);
  CHECK(summary.losses.back().lost < 11200ms);
  for (const auto& loss : summary.losses) {
    CHECK(*loss.back - loss.last_answer >= 3s);
    CHECK(*loss.back - loss.last_answer < 8s);
  }
}

TEST_CASE("agent: while the server is away it tries again, and what was due is refused or late") {
  Run run("phases: [steady: {rate: 10/s, for: 20s}]\nrequests: [ping]\ntimeout: 2s\n");
  run.loop.advance(5s);
  run.server.forget_sessions();
  run.server.refuses = true;
  run.loop.advance(10s);
  run.server.refuses = false;
  run.loop.advance(30s);
  const auto refused = run.failures("ping", Failure::refused);
  CHECK(run.step("ping").requests == 200);
  CHECK(run.failures("ping", Failure::session_lost) == 1);
  CHECK(refused > 75);
  CHECK(refused < 130);
  CHECK(run.failures("connect", Failure::refused) >= 5);
  CHECK(run.totals().sessions_reinitialised == 1);
  CHECK(run.recorder.recording().time_to_return.min() >= 9'900'000);
  CHECK(run.finished == 1);
}

TEST_CASE("agent: a server that is never there has met no part of its rate") {
  Run run("phases: [steady: {rate: 10/s, for: 5s}]\nrequests: [ping]\nagents: 3\n");
  run.server.refuses = true;
  run.loop.advance(30s);
  CHECK(run.step("ping").requests == 0);
  CHECK(run.step("ping").not_started == 50);
  CHECK(run.totals().late == 0);
  CHECK(run.finished == 3);
}

TEST_CASE("agent: a stream that is cut is noted and opened again, also after a new session") {
  Run run(
      "duration: 1m\nrequests: [ping]\nscript: [connect, listen, {repeat: [ping, {idle: 10s}]}]\n");
  run.loop.advance(5s);
  run.server.cut_streams();
  run.loop.advance(10s);
  CHECK(run.recorder.recording().incidents.count(Subject::stream) == 1);
  CHECK(run.step("listen").requests == 2);
  run.server.forget_sessions();
  run.loop.advance(10s);
  CHECK(run.step("listen").requests == 3);
  run.server.cut_streams();
  run.loop.advance(60s);
  CHECK(run.recorder.recording().incidents.count(Subject::stream) == 2);
  CHECK(run.step("listen").requests == 4);
  CHECK(run.finished == 1);
}

TEST_CASE("agent: agents that churn leave and come back until the run ends") {
  Run run(
      "duration: 30s\nagents: {count: 2, churn: {lifetime: 3s ± 20 %, pause: 1s}}\n"
      "script: [connect, {repeat: [ping, {think: 500ms}]}]\n");
  run.loop.advance(60s);
  CHECK(run.totals().sessions_opened >= 12);
  CHECK(run.totals().sessions_opened <= 18);
  CHECK(run.totals().sessions_closed == run.totals().sessions_opened);
  CHECK(run.finished == 2);
  CHECK(run.loop.timers() == 0);
}

TEST_CASE("agent: what waited for a slow server at the end is still sent, and its latency counts") {
  Run run(
      "phases: [steady: {rate: 100/s, for: 10s}]\nrequests: [ping]\nagents: {count: 1, in_flight: "
      "1}\ndrain: 5s\n");
  run.server.freeze(7s, 11s);
  run.loop.advance(30s);
  CHECK(run.step("ping").requests == 1000);
  CHECK(run.step("ping").not_started == 0);
  CHECK(run.step("ping").from_intended.percentile(90) > 2'000'000);
}

TEST_CASE("agent: a stop waits for what is open, and gives up after the drain time") {
  Run run(
      "duration: 1m\ndrain: 2s\nagents: {count: 1, in_flight: 3}\nscript: [connect, {repeat: "
      "[ping, {think: 100ms}]}]\n");
  run.server.service = 1s;
  run.loop.advance(5050ms);
  run.agents.front()->stop();
  run.loop.advance(2100ms);
  CHECK(run.finished == 1);
  CHECK(run.step("ping").abandoned == 3);
  CHECK(run.step("ping").not_started > 0);
  CHECK(run.step("ping").requests + run.step("ping").not_started == 48);

  Run stuck("duration: 10s\ndrain: 2s\nscript: [connect, {repeat: [ping, {think: 1s}]}]\n");
  stuck.server.freeze(5s, 1000s);
  stuck.loop.advance(12500ms);
  CHECK(stuck.step("ping").abandoned == 5);
  CHECK(stuck.step("ping").requests == 5);
  CHECK(stuck.server.closed == 0);
  stuck.loop.advance(2100ms);
  CHECK(stuck.finished == 1);
}

TEST_CASE("agent: a script that ends lets its agent go") {
  Run run("script: [connect, {burst: 5/1s}, disconnect, {think: 3s}, connect, ping]\n");
  run.loop.advance(3900ms);
  CHECK(run.server.closed == 1);
  CHECK(run.finished == 0);
  run.loop.advance(1s);
  CHECK(run.server.closed == 2);
  CHECK(run.finished == 1);
  CHECK(run.loop.timers() == 0);
  CHECK(run.totals().sessions_opened == 2);
}

TEST_CASE("agent: answers are judged by their expectations, latency from the intended start") {
  Run run(R"(
script:
  - connect
  - {call: hello, expect: {text_contains: hello}}
  - {call: bye, expect: {text_contains: bye}}
  - {call: two, expect: {json: {pointer: /structuredContent/n, equals: 2}}}
  - {call: none, expect: {json: {pointer: /structuredContent/m, equals: 2}}}
  - {call: slow, expect: {within: 20ms}}
  - {call: fast, expect: {within: 1ms}}
)");
  run.server.result = nlohmann::json::parse(
      R"({"content": [{"type": "text", "text": "hello you"}], "structuredContent": {"n": 2.0}})");
  run.server.service = 10ms;
  run.loop.advance(1s);
  std::vector<std::string> missed;
  for (std::size_t i = 0; i < run.plan.steps().size(); ++i) {
    const auto& totals = run.recorder.recording().by_step.at(i);
    if (totals.failures.at(index_of(Failure::expectation)) > 0)
      missed.push_back(run.plan.steps()[i].name);
  }
  CHECK(missed == std::vector<std::string>{"bye", "none", "fast"});
}

TEST_CASE("agent: requests are drawn by weight, filled in, and numbered without repetition") {
  Run run(
      "phases: [steady: {rate: 1000/s, for: 4s}]\nagents: 4\nrequests:\n"
      "  - {call: a, weight: 3, arguments: {who: '${agent.id}', n: '${iteration}'}}\n  - {call: "
      "b}\n");
  run.loop.advance(20s);
  std::set<std::int64_t> ids;
  int a = 0;
  for (const auto& seen : run.server.seen) {
    ids.insert(seen.id);
    a += seen.text.starts_with("a{\"n\":\"") ? 1 : 0;
  }
  CHECK(ids.size() == 4000);
  CHECK(a == doctest::Approx(3000).epsilon(0.03));
  CHECK(run.server.seen.size() == 4000);
}

TEST_CASE("agent: the shards of a run send what one run would send") {
  const auto* text =
      "agents: {count: 7, arrive: {poisson: 2/s}, churn: {lifetime: 4s ± 50 %, pause: "
      "1s}}\nduration: 20s\n"
      "requests: [{call: a, arguments: {r: '${random.hex(6)}'}}, {call: b, weight: 2}]\n"
      "script: [connect, {repeat: [{burst: {calls: 5, over: 1s, spacing: jittered}}, {idle: 1s ± "
      "30 %}]}]\n";
  const auto sent = [](Run& run) {
    run.loop.advance(60s);
    std::multiset<std::tuple<AgentId, mcp::Duration, std::int64_t, std::string>> result;
    for (const auto& s : run.server.seen) result.emplace(s.agent, s.at, s.id, s.text);
    return result;
  };
  Run whole(text);
  const auto expected = sent(whole);
  CHECK(expected.size() > 200);
  auto merged = sent(*std::make_unique<Run>(text, Shard{.index = 0, .count = 3}));
  for (std::uint32_t index = 1; index < 3; ++index) {
    merged.merge(sent(*std::make_unique<Run>(text, Shard{.index = index, .count = 3})));
  }
  CHECK(merged == expected);
}

}  // namespace
}  // namespace scenarios
