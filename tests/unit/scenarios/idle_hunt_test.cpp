#include "scenarios/idle_hunt.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/fake_loop.hpp"
#include "tests/unit/scenarios/simulated_server.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using Verdict = IdleLadder::Verdict;

struct Rig {
  explicit Rig(mcp::Duration longest = 1h)
      : server(loop),
        recorder({.steps = {{.method = "initialize", .name = {}}}, .start = loop.now()}),
        hunt({.loop = loop,
              .search = {.subjects = {Subject::session, Subject::connection, Subject::stream},
                         .from = 1s,
                         .to = 2min,
                         .within = 500ms},
              .make_port = [this](PortObserver& o) { return server.port_maker()(1, o); },
              .ends = loop.now() + longest,
              .recorder = &recorder}) {
    hunt.start();
  }
  /// How long it takes.
  mcp::Duration run() {
    const auto start = loop.now();
    for (int i = 0; i < 5000 && !hunt.is_over(); ++i) loop.advance(100ms);
    REQUIRE(hunt.is_over());
    return loop.now() - start;
  }
  IdleFinding finding(std::size_t number) const {
    return std::get<IdleReport>(hunt.report().found).findings.at(number);
  }

  mcp::FakeLoop loop;
  SimulatedServer server;
  Recorder recorder;
  IdleHunt hunt;
};

TEST_CASE("idle hunt: sessions, connections and streams are searched side by side") {
  Rig rig;
  rig.server.connection_ttl = 7s;
  rig.server.stream_ttl = 30s;
  CHECK(rig.run() < 3min);
  CHECK(rig.hunt.report().end == SearchEnd::complete);
  CHECK(is_answered(rig.hunt.report()));
  CHECK(to_text(rig.finding(0)) == "none lost up to 2m 00s");
  CHECK(rig.finding(1).result.verdict == Verdict::found);
  CHECK(rig.finding(1).result.survived < 7s);
  CHECK(rig.finding(1).result.cut >= 7s);
  CHECK(to_text(rig.finding(2)) ==
        "cut after 30 s (±0.1 s) of silence, by RST; no keep-alive was seen");
  CHECK(rig.recorder.recording().incidents.count(Subject::session) == 0);
  CHECK(rig.recorder.recording().incidents.count(Subject::stream) != 0);
}

TEST_CASE("idle hunt: keep-alives are told with their time, and what lives by them survives") {
  Rig rig;
  rig.server.keep_alive_every = 5s;
  rig.run();
  CHECK(to_text(rig.finding(2)) == "none cut up to 2m 00s; keep-alives came every 5 s");
}

TEST_CASE("idle hunt: an interrupt looks at what still idles, and tells what is known") {
  Rig rig;
  rig.server.stream_ttl = 30s;
  rig.loop.advance(25s);
  rig.hunt.stop(SearchEnd::interrupted);
  CHECK(rig.run() < 2s);
  CHECK(rig.hunt.report().end == SearchEnd::interrupted);
  CHECK_FALSE(is_answered(rig.hunt.report()));
  for (std::size_t number = 0; number < 3; ++number) {
    CAPTURE(number);
    CHECK(rig.finding(number).result.verdict == Verdict::searching);
    CHECK(rig.finding(number).result.survived >= 24s);
    CHECK(rig.finding(number).result.survived <= 25s);
  }
  CHECK(to_text(rig.finding(0)).find("and no cut was seen yet") != std::string::npos);
  CHECK(rig.server.closed >= rig.server.opened);
  CHECK(rig.loop.timers() <= 1);  // that of the end of time
}

TEST_CASE("idle hunt: its time is bounded") {
  Rig rig(20s);
  rig.server.session_ttl = 11s;
  CHECK(rig.run() < 23s);
  CHECK(rig.hunt.report().end == SearchEnd::out_of_time);
  CHECK(rig.finding(0).result.cut >= 11s);
  CHECK(to_text(rig.finding(0)).find("HTTP 404") != std::string::npos);
}

TEST_CASE("idle hunt: a server without streams has none that could be cut") {
  Rig rig;
  rig.server.has_streams = false;
  rig.run();
  CHECK(to_text(rig.finding(2)) == "the server offers none (HTTP 405)");
  CHECK(is_answered(rig.hunt.report()));
}

}  // namespace
}  // namespace scenarios
