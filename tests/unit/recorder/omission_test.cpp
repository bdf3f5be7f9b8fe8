#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;

TEST_CASE("coordinated omission: a server frozen for 3 s of 10 s shows a p90 above 2 s") {
  const auto frozen = simulation::run({.frozen_from = 4, .frozen_for = 3});
  const auto& echo = frozen.by_step[1];
  CHECK(echo.requests == 1000);
  CHECK(echo.from_intended.percentile(90) > 2'000'000);
  CHECK(echo.from_intended.max() > 2'900'000);
  CHECK(frozen.timeline.slots()[4].steps[0].latency.min() > 1'900'000);
  CHECK(frozen.timeline.slots()[5].answered == 0);
  CHECK(frozen.timeline.slots()[7].answered > 300);
}

TEST_CASE("coordinated omission: one that waits for each answer hides the freeze") {
  // What a closed loop notes about the same server: one agent, a request every 10 ms at most.
  Recorder recorder(simulation::options());
  double time = 0;
  while (time < 10) {
    const bool frozen = time >= 4 && time < 7;
    const double end = frozen ? 7.002 : time + 0.002;
    recorder.request({.step = 1,
                      .intended = simulation::at(time),
                      .started = simulation::at(time),
                      .ended = simulation::at(end)});
    time = std::max(end, time + 0.01);
  }
  const auto& echo = recorder.recording().by_step[1];
  CHECK(echo.from_intended.percentile(99) < 5'000);
  CHECK(echo.requests < 710);
}
