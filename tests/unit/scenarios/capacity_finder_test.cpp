#include "scenarios/capacity_finder.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using Verdict = CapacityFinder::Verdict;

CapacitySearch search(std::int64_t from, std::int64_t to) {
  return {
      .from = {.count = from}, .to = {.count = to}, .growth_permille = 2000, .within_permille = 50};
}

CapacityFinder searched(const CapacitySearch& search,
                        const std::function<CapacityStep(double)>& server) {
  CapacityFinder finder(search);
  while (const auto rate = finder.next()) {
    REQUIRE(finder.steps().size() < 60);
    auto step = server(rate->per_second());
    step.rate = *rate;
    finder.add(step);
  }
  return finder;
}

/// A queue with a capacity: latency rises as 1/(1 − load).
CapacityStep queue(double rate, double capacity) {
  const double load = rate / capacity;
  if (load >= 0.95) return {.kept = false, .p99 = 1s, .reason = "p99 is 1 s"};
  return {.p99 = std::chrono::duration_cast<mcp::Duration>(1ms / (1 - load))};
}

TEST_CASE("capacity: the highest kept rate is found within the tolerance, whatever it is") {
  for (const double capacity : {15.0, 137.0, 4000.0, 80'000.0}) {
    CAPTURE(capacity);
    const auto finder =
        searched(search(10, 100'000), [&](double rate) { return queue(rate, capacity); });
    const auto result = finder.result();
    CHECK(result.verdict == Verdict::found);
    CHECK(result.kept->per_second() < 0.95 * capacity);
    CHECK(result.broken->per_second() >= 0.95 * capacity);
    CHECK(result.broken->per_second() <= 1.05 * result.kept->per_second());
    CHECK(finder.steps().size() <= 26);
  }
}

TEST_CASE("capacity: the knee is where latency leaves the level of the lowest rate") {
  const auto finder = searched(search(10, 10'000), [](double rate) { return queue(rate, 1000); });
  const auto result = finder.result();
  // 1/(1 − load) passes three at two thirds of the capacity.
  CHECK(result.knee->per_second() == 640);
  CHECK(to_text(result) == "keeps 946/s, breaks at 989/s: p99 is 1 s (queues from 640/s on)");
}

TEST_CASE("capacity: one bad moment is no limit") {
  int bad = 0;
  const auto finder = searched(search(10, 10'000), [&](double rate) {
    if (rate == 160 && bad++ == 0) return CapacityStep{.kept = false, .reason = "a hiccup"};
    return queue(rate, 1000);
  });
  CHECK(finder.result().kept->per_second() > 900);
}

TEST_CASE("capacity: limits outside of the search are told as that") {
  const auto never = searched(search(10, 300), [](double rate) { return queue(rate, 1e6); });
  CHECK(never.result().verdict == Verdict::never_broken);
  CHECK(never.result().kept == Rate{.count = 300});
  CHECK(to_text(never.result()) == "keeps 300/s, and was asked for no more");
  const auto always = searched(search(10, 300), [](double rate) { return queue(rate, 5); });
  CHECK(always.result().verdict == Verdict::always_broken);
  CHECK(always.steps().size() == 2);
  CHECK(to_text(always.result()) == "breaks at 10/s already: p99 is 1 s");
}

TEST_CASE("capacity: a driver that is too slow ends the search and says so") {
  const auto finder = searched(search(10, 100'000), [](double rate) {
    return rate > 5000 ? CapacityStep{.saturated = true, .reason = "CPU"} : queue(rate, 1e6);
  });
  CHECK(finder.result().verdict == Verdict::saturated);
  CHECK(finder.result().kept->per_second() > 2500);
  CHECK(finder.result().saturated->per_second() > 5000);
  CHECK(to_text(finder.result()).find("the driver itself was too slow: CPU") != std::string::npos);
  CHECK(finder.steps().back() == *(finder.steps().rbegin() + 1));
}

TEST_CASE("capacity: a driver that was too slow for a moment is asked again") {
  int slow = 0;
  const auto finder = searched(search(10, 10'000), [&](double rate) {
    if (rate == 160 && slow++ == 0) return CapacityStep{.saturated = true, .reason = "CPU"};
    return queue(rate, 1000);
  });
  CHECK(finder.result().verdict == Verdict::found);
  CHECK(finder.result().kept->per_second() > 900);
}

TEST_CASE("capacity: what was found until the search was stopped is told") {
  CapacityFinder finder(search(10, 10'000));
  CHECK(to_text(finder.result()) == "not known yet");
  finder.add({.rate = *finder.next(), .p99 = 1ms});
  finder.add({.rate = *finder.next(), .p99 = 1ms});
  CHECK(to_text(finder.result()) == "keeps 20/s at least");
}

TEST_CASE("capacity: small rates and small growth make progress too") {
  const CapacitySearch slow{.from = {.count = 1, .per = 100s},
                            .to = {.count = 1},
                            .growth_permille = 1001,
                            .within_permille = 1};
  CapacityFinder finder(slow);
  double last = 0;
  while (const auto rate = finder.next()) {
    REQUIRE(rate->per_second() > last);
    last = rate->per_second();
    finder.add({.rate = *rate});
  }
  CHECK(finder.steps().size() <= 60);
}

}  // namespace
}  // namespace scenarios
