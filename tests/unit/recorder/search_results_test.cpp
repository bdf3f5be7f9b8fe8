#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/results.hpp"
#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using namespace std::chrono_literals;

namespace {

Results results_of(SearchReport report) {
  return {.scenario = "search",
          .target = "http://127.0.0.1:8000/mcp",
          .thresholds = {},
          .recording = Recorder(simulation::options()).recording(),
          .search = std::move(report)};
}

SearchReport idle_report() {
  IdleFinding stream{.subject = Subject::stream, .failed = 2};
  stream.result = {.verdict = IdleLadder::Verdict::found,
                   .survived = 6750ms,
                   .cut = 7s,
                   .by = CutBy::rst,
                   .seen = 7002ms,
                   .seen_spread = 3ms,
                   .keep_alive_seen = true,
                   .keep_alive_every = 5s,
                   .announced = 75s,
                   .trials = 16,
                   .contradictions = 1};
  IdleFinding session{.absent = "the modern protocol has none"};
  session.result.cut = mcp::Duration::max();
  return {.found = IdleReport{{session, stream}}, .end = SearchEnd::interrupted};
}

SearchReport capacity_report() {
  CapacityReport report;
  report.steps = {{.rate = {.count = 10}, .p99 = 3ms, .answered_per_second = 9.87},
                  {.rate = {.count = 12'345, .per = 1000s}, .kept = false, .reason = "p99 is 1 s"}};
  report.result = {.verdict = CapacityFinder::Verdict::found,
                   .kept = report.steps[0].rate,
                   .broken = report.steps[1].rate,
                   .knee = report.steps[0].rate,
                   .reason = "p99 is 1 s"};
  return {.found = report};
}

}  // namespace

TEST_CASE("search results: what was written is read back without loss") {
  for (const auto& report : {idle_report(), capacity_report()}) {
    const auto results = results_of(report);
    const auto read = read_results(write_results(results));
    REQUIRE(read.has_value());
    CHECK(*read == results);
  }
}

TEST_CASE("search results: a word that this version does not know is refused with its place") {
  for (const std::string pointer : {"/search/end", "/search/idle/1/verdict", "/search/idle/1/by"}) {
    CAPTURE(pointer);
    auto document = nlohmann::json::parse(write_results(results_of(idle_report())));
    document[nlohmann::json::json_pointer(pointer)] = "sideways";
    CHECK_FALSE(read_results(document.dump()).has_value());
  }
  auto document = nlohmann::json::parse(write_results(results_of(capacity_report())));
  document["search"]["capacity"]["kept"]["per_nanos"] = 0;
  CHECK_FALSE(read_results(document.dump()).has_value());
}

TEST_CASE("search results: a search is a whole, and not merged") {
  const auto merged = merge_results({results_of(idle_report()), results_of(idle_report())});
  REQUIRE_FALSE(merged.has_value());
  CHECK(merged.error().message.find("searches") != std::string::npos);
}

TEST_CASE("search results: followed sessions are read back, and merged over shards") {
  auto results = results_of({});
  results.search.reset();
  results.shards_of = 2;
  results.recording.followed = {
      .sessions = 12,
      .lost = 2,
      .never_back = 1,
      .unsure = 3,
      .by_status = {{404, 2}},
      .losses = {
          {.agent = 1,
           .lost = 2s,
           .by = CutBy::not_found,
           .http_status = 404,
           .last_answer = 1s,
           .back = 3s},
          {.agent = 3, .lost = 4s, .by = CutBy::not_found, .http_status = 404, .last_answer = 1s}}};
  CHECK(read_results(write_results(results)).value() == results);
  auto other = results;
  other.shards = {2};
  const auto merged = merge_results({results, other});
  REQUIRE(merged.has_value());
  CHECK(merged->recording.followed->lost == 4);
  CHECK(merged->recording.followed->unsure == 6);
  CHECK(merged->recording.followed->by_status == std::map<int, std::uint64_t>{{404, 4}});
  CHECK(merged->recording.followed->losses.size() == 4);
}

TEST_CASE("search report: it is answered when all is known and nothing failed") {
  CHECK_FALSE(is_answered(idle_report()));  // interrupted
  auto idle = idle_report();
  idle.end = SearchEnd::complete;
  CHECK(is_answered(idle));
  std::get<IdleReport>(idle.found).findings[1].result.verdict = IdleLadder::Verdict::contradictory;
  CHECK_FALSE(is_answered(idle));
  auto capacity = capacity_report();
  CHECK(is_answered(capacity));
  std::get<CapacityReport>(capacity.found).result.verdict = CapacityFinder::Verdict::saturated;
  CHECK_FALSE(is_answered(capacity));
}
