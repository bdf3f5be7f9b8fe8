#include "scenarios/summary.hpp"

#include <doctest/doctest.h>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::at;
using simulation::seconds;

TEST_CASE("summary: rates, errors and latencies are those of the run") {
  Recorder notes(simulation::options());
  for (int index = 0; index < 1000; ++index) {
    const double time = index * 0.01;
    notes.request({.step = static_cast<StepId>(index % 10 == 0 ? 2 : 1),
                   .intended = at(time),
                   .started = at(time + 0.0001),
                   .ended = at(time + 0.001 * (index % 100 + 1)),
                   .failure = index % 20 == 3 ? std::optional(Failure::tool_error) : std::nullopt});
  }
  notes.schedule_ended(at(10));
  notes.abandoned(1, at(9.9), at(9.9));
  const auto summary = summarize(notes.recording());

  CHECK(summary.ran == seconds(10));
  CHECK(summary.intended == 1001);
  CHECK(summary.started == 1001);
  CHECK(summary.intended_rate == doctest::Approx(100.1));
  CHECK(summary.answered_in_time == 950);
  CHECK(summary.answered_rate == doctest::Approx(95));
  CHECK(summary.rate_share() == doctest::Approx(950 / 1001.0));
  CHECK(summary.all.requests == 1000);
  CHECK(summary.all.failed == 50);
  CHECK(summary.all.error_rate() == doctest::Approx(0.05));
  CHECK(summary.all.abandoned == 1);
  CHECK(summary.all.from_intended.count == 1000);
  CHECK(summary.all.from_intended.p50 / 1000 == 50);
  CHECK(summary.all.from_intended.p99 / 1000 == 99);
  CHECK(summary.all.from_start.p50 < summary.all.from_intended.p50);
  REQUIRE(summary.steps.size() == 3);
  CHECK(summary.steps[0].requests == 0);
  CHECK(summary.steps[1].name == "tools/call:echo");
  CHECK(summary.steps[1].requests == 900);
  CHECK(summary.steps[2].requests == 100);
  CHECK_FALSE(summary.saturation.saturated());
  CHECK(summary.saturation.reason().empty());
}

TEST_CASE("summary: an empty run has no rates and is not saturated") {
  const auto summary = summarize(Recorder(simulation::options()).recording());
  CHECK(summary.intended_rate == 0);
  CHECK(summary.rate_share() == 1);
  CHECK(summary.all.error_rate() == 0);
  CHECK_FALSE(summary.saturation.saturated());
}

TEST_CASE("summary: a driver that starts too many requests late is saturated") {
  const auto with_late = [](int late) {
    Recorder notes(simulation::options());
    for (int index = 0; index < 1000; ++index) {
      const double lag = index < late ? 0.011 : 0.009;
      notes.request({.step = 1, .intended = at(1), .started = at(1 + lag), .ended = at(2)});
    }
    return summarize(notes.recording()).saturation;
  };
  CHECK_FALSE(with_late(10).saturated());
  CHECK(with_late(11).saturated());
  CHECK(with_late(11).late_share == doctest::Approx(0.011));
  CHECK(with_late(23).reason() == "2.3 % of the requests started more than 10 ms late");
}

TEST_CASE("summary: a full core is a hiccup in one second and saturation in many") {
  const auto with_full = [](int full) {
    Recorder notes(simulation::options());
    for (int second = 0; second < 100; ++second)
      notes.cpu(at(second), at(second + 1), seconds(second < full ? 0.96 : 0.5));
    return summarize(notes.recording()).saturation;
  };
  CHECK_FALSE(with_full(5).saturated());
  CHECK(with_full(6).reason() == "a thread's core was full in 6 % of the time");
}

TEST_CASE("summary: one request that this machine could not send is saturation") {
  Recorder notes(simulation::options());
  notes.request(
      {.step = 1, .intended = at(1), .started = at(1), .ended = at(1), .failure = Failure::local});
  CHECK(summarize(notes.recording()).saturation.reason() ==
        "this machine could not send 1 requests");
}

TEST_CASE("summary: sessions, connections and returns are counted") {
  Recorder notes(simulation::options());
  notes.session_opened(at(0));
  notes.session_opened(at(0));
  notes.connection_made(at(0));
  notes.cut({.at = at(5), .subject = Subject::session, .by = CutBy::not_found});
  notes.cut({.at = at(5), .subject = Subject::stream, .by = CutBy::fin});
  notes.cut({.at = at(5), .subject = Subject::connection, .by = CutBy::rst});
  notes.reconnected(at(5.5));
  notes.session_reinitialised(at(5), at(7));
  notes.session_closed(at(9));
  notes.server_request_answered(at(9));
  const auto summary = summarize(notes.recording());
  CHECK(summary.sessions_opened == 2);
  CHECK(summary.sessions_closed == 1);
  CHECK(summary.sessions_lost == 1);
  CHECK(summary.sessions_reinitialised == 1);
  CHECK(summary.connections_made == 1);
  CHECK(summary.reconnects == 1);
  CHECK(summary.connections_cut == 1);
  CHECK(summary.streams_cut == 1);
  CHECK(summary.server_requests == 1);
  CHECK(summary.time_to_return.max / 1000 == 2000);
}
