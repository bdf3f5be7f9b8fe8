#include "scenarios/timeline.hpp"

#include <doctest/doctest.h>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::seconds;

TEST_CASE("timeline: a slot is a second until there are too many of them") {
  Timeline timeline(4);
  for (int second = 0; second < 4; ++second)
    timeline.at(seconds(second + 0.5)).intended += static_cast<std::uint64_t>(second) + 1;
  CHECK(timeline.width() == seconds(1));
  timeline.at(seconds(4)).intended += 5;
  CHECK(timeline.width() == seconds(2));
  REQUIRE(timeline.slots().size() == 3);
  CHECK(timeline.slots()[0].intended == 3);
  CHECK(timeline.slots()[1].intended == 7);
  CHECK(timeline.slots()[2].intended == 5);
}

TEST_CASE("timeline: one event far in the future coarsens as often as it must") {
  Timeline timeline(4);
  timeline.at(seconds(0)).intended = 1;
  timeline.at(seconds(100)).intended = 1;
  CHECK(timeline.width() == seconds(32));
  CHECK(timeline.slots().size() == 4);
}

TEST_CASE("timeline: too many histograms coarsen it as too many seconds do") {
  Timeline timeline(4);
  for (int second = 0; second < 2; ++second)
    for (StepId step = 0; step < 3; ++step) timeline.latency(seconds(second), step).add(10);
  CHECK(timeline.width() == seconds(2));
  REQUIRE(timeline.slots().size() == 1);
  REQUIRE(timeline.slots()[0].steps.size() == 3);
  CHECK(timeline.slots()[0].steps[2].latency.count() == 2);
}

TEST_CASE("timeline: what happened before the start is in the first slot") {
  Timeline timeline;
  timeline.at(seconds(-3)).started = 1;
  CHECK(timeline.slots().size() == 1);
}

TEST_CASE("timeline: a week of requests takes no more memory than an hour") {
  Timeline timeline;
  for (int minute = 0; minute < 60 * 24 * 7; ++minute)
    timeline.latency(seconds(minute * 60.0), 1).add(static_cast<std::uint64_t>(minute % 5000));
  CHECK(timeline.slots().size() <= Timeline::most);
  CHECK(timeline.bytes() < 10'000'000);
}
