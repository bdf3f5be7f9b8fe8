#include "scenarios/live_figures.hpp"

#include <doctest/doctest.h>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::at;

TEST_CASE("live figures: threads added up are what one recorder would tell") {
  const auto events = simulation::random_run(3, 3000, 30);
  const auto whole = simulation::record(events, 30);
  const auto parts = simulation::play(events, 3, [](std::size_t event) { return event % 3; }, 30);
  LiveFigures figures;
  LiveLatencies latencies;
  Recording totals;
  for (const auto& part : parts) {
    figures.merge(figures_of(part.recording(), {.asked = 1, .open = 2}));
    latencies.merge(latencies_of(part.recording()));
    totals.merge(totals_of(part.recording()));
  }
  auto expected = figures_of(whole, {.asked = 3, .open = 6});
  expected.sessions = figures.sessions;  // each part rounds up to none
  CHECK(figures == expected);
  CHECK(latencies.whole == latencies_of(whole).whole);
  // Slots that one part never used are missing there, so the merged ones are at least the latest.
  REQUIRE(latencies.last.size() >= LiveLatencies::slots);
  CHECK(latencies.last.back().latency == latencies_of(whole).last.back().latency);
  CHECK(totals.by_step == whole.by_step);
  CHECK(totals.totals == whole.totals);
  CHECK(totals.incidents.counts() == whole.incidents.counts());
  CHECK(totals.timeline.slots().empty());
}

TEST_CASE("recorder: failed requests and ended sessions leave how long they took") {
  Recorder notes(simulation::options());
  notes.request(
      {.step = 1, .intended = at(0), .started = at(1), .ended = at(3), .failure = Failure::reset});
  notes.session_closed(at(10), simulation::seconds(9));
  notes.cut({.at = at(11), .subject = Subject::session, .age = simulation::seconds(4)});
  notes.cut({.at = at(11), .subject = Subject::connection, .age = simulation::seconds(4)});
  const auto& recording = notes.recording();
  REQUIRE(recording.by_step[1].failed_from_start.contains(Failure::reset));
  CHECK(recording.by_step[1].failed_from_start.at(Failure::reset).percentile(50) / 10'000 == 200);
  CHECK(recording.by_step[1].from_start.empty());
  CHECK(recording.session_duration.percentile(50) / 100'000 == 90);
  CHECK(recording.lost_session_duration.count() == 1);
}
