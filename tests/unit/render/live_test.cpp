#include "cli/render/load/live.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "cli/redrawn_screen.hpp"
#include "cli/render/load/sparkline.hpp"
#include "cli/text_table.hpp"
#include "scenarios/summary.hpp"
#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using namespace std::chrono_literals;
using cli::Colour;
using cli::LiveHistory;
using simulation::at;
using simulation::seconds;

namespace {

/// What a driver would have told twice a second.
LiveHistory watched(const Recording& recording, int until, const LiveFigures& last) {
  LiveHistory history;
  for (int half = 0; half <= 2 * until; ++half) {
    const double time = half / 2.0;
    auto figures = last;
    figures.asked = static_cast<std::uint64_t>(time * 100);
    figures.requests = static_cast<std::uint64_t>(time * 99);
    history.add(seconds(time), figures);
  }
  history.add(seconds(until), latencies_of(recording));
  return history;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text = "\n";
  for (const auto& line : lines) text += line + "|\n";
  return text;
}

LiveFigures troubled() {
  LiveFigures figures{.in_flight = 3,
                      .failed = 14,
                      .late = 2,
                      .sessions = 48,
                      .sessions_lost = 2,
                      .sessions_reinitialised = 1,
                      .connections_cut = 3};
  figures.failures[index_of(Failure::timeout)] = 2;
  figures.failures[index_of(Failure::session_lost)] = 12;
  return figures;
}

}  // namespace

TEST_CASE("live screen: a dozen lines say how it goes now and how it went so far") {
  const auto recording = simulation::run({.frozen_from = 4, .frozen_for = 2});
  const auto history = watched(recording, 10, troubled());
  const auto lines = render_live({.scenario = "burst-idle",
                                  .target = "http://127.0.0.1:8000/mcp",
                                  .phase = "steady (2 of 3)",
                                  .so_far = seconds(10.4),
                                  .length = seconds(60),
                                  .history = history},
                                 {}, Colour::none);
  CHECK(joined(lines) == R"(
burst-idle  http://127.0.0.1:8000/mcp|
  0:10 of 1:00  ████░░░░░░░░░░░░░░░░░░░░  0:50 left  steady (2 of 3)|
|
  rate       99.0/s of 100.0/s intended  3 in flight  990 requests|
  latency    p50 2.01 ms   p99 1.16 s    last 5 s|
             p50 2 ms      p99 1.92 s    whole run|
  rate       ▃▃▃▃▁▁█▃▃▃  up to 300.0/s|
  p99        ▁▁▁▁█▅▂▁▁▁  up to 2 s|
  sessions   48 open, 2 lost, 1 back; 3 connections cut|
  errors     14 (1.4 %): 12 session_lost, 2 timeout|
  late       2 requests were started late by this machine|
)");
}

TEST_CASE("live screen: no line is wider than the window, and the least important ones go first") {
  const auto recording = simulation::run({});
  const auto history = watched(recording, 10, troubled());
  const cli::LiveView view{.scenario = "a\x1b[2Jname\nof a scenario",
                           .target = std::string(200, 'x'),
                           .so_far = seconds(10),
                           .history = history};
  for (const std::size_t columns : {1U, 2U, 10U, 40U, 300U}) {
    for (const auto& line : render_live(view, {.columns = columns, .rows = 50}, Colour::none)) {
      CHECK(cli::display_width(line) < std::max<std::size_t>(columns, 2));
      CHECK(line.find('\x1b') == std::string::npos);
    }
  }
  for (const std::size_t rows : {2U, 4U, 9U})
    CHECK(render_live(view, {.columns = 80, .rows = rows}, Colour::none).size() == rows - 1);
  CHECK(joined(render_live(view, {.columns = 60, .rows = 3}, Colour::none)) == R"(
  0:10  |
  rate       99.0/s of 100.0/s intended  3 in flight  990 …|
)");
}

TEST_CASE("live screen: before the start and without an end it says so") {
  const LiveHistory history;
  CHECK(render_live({.scenario = "s", .so_far = -1500ms, .history = history}, {}, Colour::none)
            .at(1) == "  starts in 0:02");
  CHECK(render_live({.scenario = "s", .phase = "drains", .so_far = 3725s, .history = history}, {},
                    Colour::none)
            .at(1) == "  1:02:05  drains");
}

TEST_CASE("live screen: colours mark what is bad, and every one of them ends on its line") {
  const auto history = watched(simulation::run({}), 10, troubled());
  for (const auto& line : render_live({.scenario = "s", .history = history}, {}, Colour::ansi)) {
    if (line.find('\x1b') == std::string::npos) continue;
    CHECK(line.starts_with("\x1b["));
    CHECK(line.ends_with("\x1b[0m"));
  }
}

TEST_CASE("live history: rates are those of the last seconds, not of the whole run") {
  LiveHistory history;
  history.add(0s, LiveFigures{});
  CHECK(history.rate() == 0);
  history.add(10s, LiveFigures{.asked = 1000, .requests = 900});
  CHECK(history.rate() == doctest::Approx(90));
  history.add(12s, LiveFigures{.asked = 1200, .requests = 900});
  history.add(15s, LiveFigures{.asked = 1500, .requests = 900});
  CHECK(history.rate() == 0);  // frozen for five seconds
  CHECK(history.intended_rate() == doctest::Approx(100));
}

TEST_CASE("live history: a second whose answers come late is filled in when they come") {
  Recorder notes(simulation::options());
  notes.request({.step = 1, .intended = at(0.5), .started = at(0.5), .ended = at(0.6)});
  LiveHistory history;
  history.add(2s, latencies_of(notes.recording()));
  CHECK(history.points().size() == 1);
  notes.request({.step = 1, .intended = at(1.5), .started = at(1.5), .ended = at(5.5)});
  history.add(6s, latencies_of(notes.recording()));
  REQUIRE(history.points().size() == 6);
  CHECK(history.points()[1].p99.value() > 3'900'000);
  CHECK_FALSE(history.points()[2].p99.has_value());
  CHECK(history.points()[5].rate == 1);
  CHECK(history.whole().count == 2);
}

TEST_CASE("sparkline: the highest value is a full bar, none is a blank") {
  const std::vector<std::optional<double>> values = {0, 1, std::nullopt, 4, 8};
  CHECK(cli::sparkline(values) == "▁▂ ▅█");
  CHECK(cli::sparkline({}).empty());
  const std::vector<std::optional<double>> zeros = {0, 0};
  CHECK(cli::sparkline(zeros) == "▁▁");
}

TEST_CASE("redrawn screen: it goes up as many rows as the window has made of its lines") {
  std::ostringstream out;
  cli::RedrawnScreen screen(out);
  screen.draw({"one", "\x1b[31m12345678901234567890\x1b[0m"}, {.columns = 40, .rows = 24});
  CHECK(out.str() == "\rone\x1b[K\n\x1b[31m12345678901234567890\x1b[0m\x1b[K\n\x1b[J");
  out.str("");
  screen.draw({"two"}, {.columns = 10, .rows = 24});  // the long line now takes two rows
  CHECK(out.str() == "\r\x1b[3Atwo\x1b[K\n\x1b[J");
  out.str("");
  screen.clear();
  screen.clear();
  CHECK(out.str() == "\r\x1b[1A\x1b[J");
}
