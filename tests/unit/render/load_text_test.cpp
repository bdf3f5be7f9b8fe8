#include "cli/render/load/text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::at;
using simulation::seconds;

namespace {

std::string text_of(const Recording& recording, std::vector<std::string> thresholds = {}) {
  const Results results{.scenario = "burst-idle",
                        .target = "http://127.0.0.1:8000/mcp",
                        .thresholds = std::move(thresholds),
                        .recording = recording};
  std::string text = "\n";
  return text.append(cli::render_load_text(results, cli::Colour::none));
}

}  // namespace

TEST_CASE("load text: a frozen server misses its thresholds, and the first lines say so") {
  CHECK(text_of(simulation::run({.frozen_from = 4, .frozen_for = 3}),
                {"rate >= 95%", "p99(tools/call) < 250ms"}) == R"(
MISSED burst-idle http://127.0.0.1:8000/mcp: 1 of 2 thresholds not met
  missed p99(tools/call) < 250ms: p99(tools/call) is 2.92 s
  met    rate >= 95%: rate is 100 %

  10 s at 100.0/s intended, 100.0/s answered in time (100.0 %)

  from the intended start     requests  failed   p50    p90     p99   p99.9  max
  tools/call:echo                 1000       0  2 ms  2.2 s  2.92 s  2.99 s  3 s
  all, from the actual start      1000       0  2 ms  2.2 s  2.92 s  2.99 s  3 s

  start lag    p50 0 ms, p99 0 ms, max 0 ms
)");
}

TEST_CASE("load text: lost sessions are told with when, why and how long they had been idle") {
  Recorder notes(simulation::options());
  for (int agent = 0; agent < 3; ++agent) {
    notes.connection_made(at(0));
    notes.session_opened(at(0));
    notes.request({.step = 0, .intended = at(0), .started = at(0), .ended = at(0.01)});
    notes.request({.step = 1,
                   .intended = at(60),
                   .started = at(60),
                   .ended = at(60.01),
                   .failure = Failure::session_lost,
                   .http_status = 404});
    notes.cut({.at = at(60.01),
               .agent = static_cast<AgentId>(agent),
               .subject = Subject::session,
               .by = CutBy::not_found,
               .http_status = 404,
               .idle = seconds(59)});
  }
  notes.session_reinitialised(at(60.01), at(60.51));
  notes.reconnected(at(60.2));
  notes.schedule_ended(at(70));
  notes.abandoned(1, at(69), at(69));
  CHECK(text_of(notes.recording()) == R"(
DONE burst-idle http://127.0.0.1:8000/mcp: 6 requests, 3 failures
  cause  either a restart, or a limit of 59 s or less on idleness: more bursts in one run would tell
         3 of 3 open sessions lost within 0 ms at 00:01:00 UTC, all after 59 s of idleness

  1m 10s at 0.1/s intended, 0.0429/s answered in time (42.9 %)

  from the intended start     requests  failed    p50    p90    p99  p99.9    max
  initialize                         3       0  10 ms  10 ms  10 ms  10 ms  10 ms
  tools/call:echo                    3       3      -      -      -      -      -
  all                                6       3  10 ms  10 ms  10 ms  10 ms  10 ms
  all, from the actual start         6       3  10 ms  10 ms  10 ms  10 ms  10 ms

  failures     3 session_lost; HTTP 3 × 404
  unfinished   1 without an answer at the end, 0 never sent
  sessions     3 opened, 0 closed, 3 lost, 1 back (after 500 ms, at most 500 ms)
  connections  3 made, 1 reconnect, 0 cut
    3 sessions unknown to the server (404): first after 1m 00s, idle for 59 s
  start lag    p50 0 ms, p99 0 ms, max 0 ms
)");
}

TEST_CASE("load text: a saturated generator is the verdict where nothing else failed") {
  Recorder notes(simulation::options());
  notes.request({.step = 1, .intended = at(0), .started = at(0.5), .ended = at(0.6)});
  notes.schedule_ended(at(1));
  const auto text = text_of(notes.recording());
  CHECK(
      text.starts_with("\nSATURATED burst-idle http://127.0.0.1:8000/mcp: the generator was too "
                       "slow, so the latencies are its own\n"));
  CHECK(
      text.find("  generator saturated: 100.0 % of the requests started more than 10 ms late\n") !=
      std::string::npos);
}

TEST_CASE("load text: what came from a file or a server cannot reach the terminal raw") {
  auto recording = simulation::run({.length = 1});
  recording.steps[1].name = "\x1b[2Jecho";
  CHECK(text_of(recording, {"p99(tools/call:\x1b) < 1s"}).find('\x1b') == std::string::npos);
}
