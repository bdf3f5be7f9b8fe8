#include "scenarios/idle_trials.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/fake_loop.hpp"
#include "tests/unit/scenarios/simulated_server.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using Verdict = IdleLadder::Verdict;

struct Hunt {
  explicit Hunt(Subject subject)
      : server(loop),
        trials(loop, subject, {.from = 1s, .to = 2min, .within = 500ms},
               [this](PortObserver& observer) { return server.port_maker()(1, observer); }) {}
  IdleLadder::Result run() {
    bool over = false;
    trials.start([&] { over = true; });
    for (int i = 0; i < 5000 && !over; ++i) loop.advance(1s);
    REQUIRE(over);
    loop.advance(20s);
    CHECK(server.closed >= server.opened);  // one that never opened is closed too
    CHECK(loop.timers() == 0);
    return trials.ladder().result();
  }

  mcp::FakeLoop loop;
  SimulatedServer server;
  IdleTrials trials;
};

TEST_CASE("idle trials: the time after which a session is forgotten is found, with its status") {
  Hunt hunt(Subject::session);
  hunt.server.session_ttl = 11s;
  const auto result = hunt.run();
  CHECK(result.verdict == Verdict::found);
  CHECK(result.survived < 11s);
  CHECK(result.cut >= 11s);
  CHECK(result.http_status == 404);
}

TEST_CASE("idle trials: a connection that is replaced in silence was cut, the session lives") {
  Hunt hunt(Subject::connection);
  hunt.server.connection_ttl = 7s;
  const auto result = hunt.run();
  CHECK(result.verdict == Verdict::found);
  CHECK(result.survived < 7s);
  CHECK(result.cut >= 7s);
  CHECK(result.by == CutBy::fin);
}

TEST_CASE("idle trials: a silent stream that is cut is seen at that moment") {
  Hunt hunt(Subject::stream);
  hunt.server.stream_ttl = 30s;
  const auto result = hunt.run();
  CHECK(result.verdict == Verdict::found);
  CHECK(result.cut == 30s);
  CHECK(result.by == CutBy::rst);
}

TEST_CASE("idle trials: what nobody cuts survives, and a server that is away teaches nothing") {
  CHECK(Hunt(Subject::session).run().verdict == Verdict::never_cut);
  Hunt away(Subject::stream);
  away.server.refuses = true;
  CHECK(away.run().verdict == Verdict::searching);
  CHECK(away.trials.failed() == 8);
}

}  // namespace
}  // namespace scenarios
