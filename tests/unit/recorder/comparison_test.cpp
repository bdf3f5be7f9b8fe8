#include "scenarios/comparison.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::Queue;

namespace {

/// 60 s of 50 requests a second; the seed says what happens in them.
Queue queue(std::uint64_t seed, double service = 0.005, double failing = 0.01) {
  return {
      .rate = 50, .length = 60, .service = service, .noise = 0.8, .failing = failing, .seed = seed};
}

/// The same, standing still for two seconds so many times in a run on average.
Queue stalling(double stalls, double length) {
  auto result = queue(0);
  result.length = length;
  result.stalls = stalls;
  result.stall_for = 2;
  return result;
}

std::map<std::string, Change> verdicts(const Comparison& comparison) {
  std::map<std::string, Change> verdicts;
  for (const auto& metric : comparison.metrics) verdicts[metric.metric] = metric.verdict;
  return verdicts;
}

std::map<std::string, int> alarms(int trials, const Queue& before, const Queue& after) {
  std::map<std::string, int> alarms;
  for (int trial = 0; trial < trials; ++trial) {
    auto left = before;
    auto right = after;
    left.seed = static_cast<std::uint64_t>(trial) * 2 + 1;
    right.seed = static_cast<std::uint64_t>(trial) * 2 + 2;
    const auto comparison =
        compare(simulation::run(left), simulation::run(right), {.resamples = 200});
    bool any = false;
    for (const auto& [metric, verdict] : verdicts(comparison)) {
      if (verdict == Change::unknown) ++alarms["unknown"];
      if (verdict == Change::none || verdict == Change::unknown) continue;
      ++alarms[metric];
      any = true;
    }
    if (any) ++alarms["any"];
  }
  return alarms;
}

// A sanitizer build is a hundred times slower, and looks for other things than rates of alarms.
#ifdef NDEBUG
constexpr int share = 1;
#else
constexpr int share = 10;
#endif
constexpr int equal_pairs = 200 / share;
constexpr int most_alarms = equal_pairs / (share == 1 ? 20 : 4);
constexpr int unequal_pairs = 50 / share;

const std::string p50 = "p50(tools/call:echo)";
const std::string p99 = "p99(tools/call:echo)";

}  // namespace

TEST_CASE("comparison: equal servers give a false alarm in at most 5 % of 200 trials") {
  auto seen = alarms(equal_pairs, queue(0), queue(0));
  CAPTURE(seen[p50]);
  CAPTURE(seen[p99]);
  CAPTURE(seen["error_rate"]);
  CAPTURE(seen["rate"]);
  CAPTURE(seen["unknown"]);
  CHECK(seen["any"] <= most_alarms);
}

TEST_CASE("comparison: equal servers whose queues make neighbouring seconds alike") {
  // At 80 % load, waits last for seconds: the noise is not independent.
  auto busy = queue(0, 0.0097);
  busy.noise = 1;
  auto seen = alarms(equal_pairs, busy, busy);
  CAPTURE(seen[p50]);
  CAPTURE(seen[p99]);
  CAPTURE(seen["unknown"]);
  CHECK(seen["any"] <= most_alarms);
}

TEST_CASE("comparison: a server that is a fifth slower is found") {
  auto seen = alarms(unequal_pairs, queue(0), queue(0, 0.006));
  CHECK(seen[p50] >= unequal_pairs - 2 / share);
}

TEST_CASE("comparison: a tail that is a fifth slower is found where there is enough of it") {
  Queue many = queue(0, 0.0002);
  many.rate = 500;
  Queue slower = many;
  slower.service *= 1.2;
  auto seen = alarms(20, many, slower);
  CHECK(seen[p99] >= 19);
  CHECK(seen["error_rate"] + seen["rate"] <= 1);
}

TEST_CASE("comparison: says how much, within an interval, and in which direction") {
  const auto fast = simulation::run(queue(1));
  const auto slow = simulation::run(queue(2, 0.0075));
  const auto comparison = compare(fast, slow);
  REQUIRE(comparison.metrics.at(0).metric == p50);
  const auto& metric = comparison.metrics[0];
  CHECK(metric.before > 4'000);
  CHECK(metric.after > metric.before * 1.3);
  CHECK(metric.change == doctest::Approx(metric.after / metric.before - 1));
  CHECK(metric.lowest < metric.change);
  CHECK(metric.change < metric.highest);
  CHECK(metric.lowest > 0.2);
  CHECK(comparison.worse());
  CHECK(verdicts(compare(slow, fast))[p50] == Change::better);
  CHECK_FALSE(compare(slow, fast).worse());
}

TEST_CASE("comparison: more errors, and answers that stay away, are worse") {
  const auto good = simulation::run(queue(1, 0.005, 0.01));
  CHECK(verdicts(compare(good, simulation::run(queue(2, 0.005, 0.06))))["error_rate"] ==
        Change::worse);
  // A server that manages 40 of 50 a second.
  Queue full = queue(3, 0.025, 0.01);
  full.noise = 0.1;
  CHECK(verdicts(compare(good, simulation::run(full)))["rate"] == Change::worse);
}

TEST_CASE("comparison: the same run is no different from itself, and every time") {
  const auto run = simulation::run(queue(1));
  for (const auto& [metric, verdict] : verdicts(compare(run, run))) {
    CAPTURE(metric);
    CHECK(verdict != Change::worse);
    CHECK(verdict != Change::better);
  }
  const auto first = compare(run, simulation::run(queue(2)));
  const auto second = compare(run, simulation::run(queue(2)));
  CHECK(first.metrics[0].lowest == second.metrics[0].lowest);
}

TEST_CASE("comparison: one stall is seen, and is too little to say that it will come again") {
  const auto smooth = simulation::run(queue(1));
  Queue frozen = queue(1);
  frozen.frozen_from = 20;
  frozen.frozen_for = 3;
  const auto comparison = compare(smooth, simulation::run(frozen));
  REQUIRE(comparison.metrics.at(1).metric == p99);
  CHECK(comparison.metrics[1].change > 10);
  CHECK(comparison.metrics[1].verdict == Change::unknown);
}

TEST_CASE("comparison: equal servers that stand still now and then are not told apart") {
  for (const double length : {60.0, 300.0}) {
    auto seen = alarms(equal_pairs, stalling(1, length), stalling(1, length));
    CAPTURE(length);
    CAPTURE(seen[p99]);
    CAPTURE(seen["unknown"]);
    CHECK(seen["any"] <= most_alarms);
  }
}

TEST_CASE("comparison: a server that stands still again and again is found") {
  for (const double length : {60.0, 300.0}) {
    auto seen = alarms(40 / share, stalling(0, length), stalling(12, length));
    CAPTURE(length);
    CHECK(seen[p99] >= 36 / share);
  }
}

TEST_CASE("comparison: below ten seconds nothing is known") {
  Queue brief = queue(1);
  brief.length = 9;
  const auto comparison = compare(simulation::run(brief), simulation::run(queue(2, 0.05)));
  CHECK_FALSE(comparison.metrics.empty());
  for (const auto& metric : comparison.metrics) CHECK(metric.verdict == Change::unknown);
}

TEST_CASE("comparison: runs without a common step compare errors and rate only") {
  auto other = simulation::run(queue(2));
  for (auto& step : other.steps) step.method = "resources/read";
  const auto comparison = compare(simulation::run(queue(1)), other);
  REQUIRE(comparison.metrics.size() == 2);
  CHECK(comparison.metrics[0].metric == "error_rate");
}
