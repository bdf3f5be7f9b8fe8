#include "probes/sidecar/drain.hpp"

#include "tests/unit/sidecar/sidecar_rig.hpp"

namespace probes::sidecar {
namespace {

struct DrainRig {
  explicit DrainRig(mcp::Duration shortest = 0s) : least(shortest) { counter.current = counted(2); }

  static SessionCount counted(std::size_t active) {
    return {.source = CountSource::proxy, .active = active};
  }
  /// Waits for so long at most; its result comes to `ends`.
  void wait(mcp::Duration time) {
    drain.wait(loop.now() + time, [this](const DrainResult& result) { ends.push_back(result); });
  }

  mcp::FakeLoop loop;
  FakeCounter counter;
  mcp::Duration least;
  Drain drain{loop, counter, OtherSessions::possible, least};
  std::vector<DrainResult> ends;
};

TEST_CASE("drain: it returns when no session is active, soon after that is so") {
  DrainRig rig;
  rig.wait(25s);
  rig.loop.advance(3s);
  CHECK(rig.ends.empty());
  rig.counter.current = DrainRig::counted(0);
  rig.loop.advance(100ms);
  REQUIRE(rig.ends.size() == 1);
  CHECK(rig.ends[0].drained);
  CHECK(rig.ends[0].cut == 0);
  CHECK(rig.ends[0].took >= 3s);
  CHECK(rig.ends[0].took <= 3100ms);
  CHECK(rig.counter.cuts == 0);
}

TEST_CASE("drain: when the time is up what is left is cut, and told") {
  DrainRig rig;
  rig.wait(25s);
  rig.loop.advance(25s);
  REQUIRE(rig.ends.size() == 1);
  CHECK_FALSE(rig.ends[0].drained);
  CHECK(rig.ends[0].cut == 2);
  CHECK(rig.ends[0].last.active == 2U);
  CHECK(rig.ends[0].took == 25s);
  CHECK(rig.counter.cuts == 1);
}

TEST_CASE("drain: with no session at all it returns at once") {
  DrainRig rig;
  rig.counter.current = DrainRig::counted(0);
  rig.wait(25s);
  rig.loop.settle();
  REQUIRE(rig.ends.size() == 1);
  CHECK(rig.ends[0].took == 0s);
}

TEST_CASE(
    "drain: without sessions it takes its least time, once, and never longer than its longest") {
  DrainRig rig(5s);
  rig.counter.current = DrainRig::counted(0);
  rig.wait(25s);
  rig.wait(3s);
  rig.loop.advance(3s);
  REQUIRE(rig.ends.size() == 1);
  CHECK(rig.ends[0].drained);
  CHECK(rig.ends[0].took == 3s);
  rig.loop.advance(1900ms);
  CHECK(rig.ends.size() == 1);
  rig.loop.advance(100ms);
  REQUIRE(rig.ends.size() == 2);
  CHECK(rig.ends[1].drained);
  CHECK(rig.counter.cuts == 0);
  rig.wait(25s);
  rig.loop.settle();
  CHECK(rig.ends.size() == 3);
}

TEST_CASE("drain: a session that comes in the least time is waited for") {
  DrainRig rig(5s);
  rig.counter.current = DrainRig::counted(0);
  rig.wait(25s);
  rig.loop.advance(2s);
  rig.counter.current = DrainRig::counted(1);
  rig.loop.advance(10s);
  CHECK(rig.ends.empty());
  rig.counter.current = DrainRig::counted(0);
  rig.loop.advance(100ms);
  CHECK(rig.ends.size() == 1);
}

TEST_CASE("drain: each caller has its own end, and nothing is cut while one still waits") {
  DrainRig rig;
  rig.wait(10s);
  rig.loop.advance(1s);
  rig.wait(20s);
  CHECK(*rig.drain.until() == rig.loop.now() + 20s);
  rig.loop.advance(9s);
  REQUIRE(rig.ends.size() == 1);
  CHECK(rig.ends[0].cut == 2);
  CHECK(rig.counter.cuts == 0);
  rig.loop.advance(11s);
  REQUIRE(rig.ends.size() == 2);
  CHECK(rig.counter.cuts == 1);
  CHECK_FALSE(rig.drain.until());
}

TEST_CASE("drain: new sessions are refused by the first call, and once") {
  DrainRig rig;
  CHECK_FALSE(rig.drain.has_begun());
  rig.wait(1s);
  rig.wait(2s);
  rig.loop.advance(5s);
  rig.wait(1s);
  CHECK(rig.counter.refusals == 1);
  CHECK(rig.drain.has_begun());
}

TEST_CASE("drain: an unknown number is not none") {
  DrainRig rig;
  rig.counter.current = {};
  rig.wait(5s);
  rig.loop.advance(5s);
  REQUIRE(rig.ends.size() == 1);
  CHECK_FALSE(rig.ends[0].drained);
  CHECK(rig.ends[0].cut == 0);
}

TEST_CASE("drain: a number that was read before it began does not count") {
  DrainRig rig;
  rig.counter.current = DrainRig::counted(0);
  rig.counter.current.taken = rig.loop.now() - 1s;
  rig.wait(25s);
  rig.loop.advance(2s);
  CHECK(rig.ends.empty());
  rig.counter.current.taken = rig.loop.now();
  rig.loop.advance(200ms);
  REQUIRE(rig.ends.size() == 1);
  CHECK(rig.ends[0].drained);
}

TEST_CASE("drain: a stop tells all that wait") {
  DrainRig rig;
  rig.wait(10s);
  rig.wait(20s);
  rig.loop.advance(1s);
  rig.drain.stop();
  CHECK(rig.ends.size() == 2);
  CHECK_FALSE(rig.ends[0].drained);
  CHECK(rig.counter.cuts == 0);
}

TEST_CASE("drain: a sidecar's canary is none of the sessions that are waited for") {
  using enum ScriptedServer::Era;
  for (const auto era : {legacy, modern}) {
    SidecarRig rig(era);
    rig.counter.current = {.source = CountSource::scrape, .active = 1};
    rig.start();
    std::optional<DrainResult> end;
    rig.sidecar->drain(rig.loop.now() + 60s, [&end](const DrainResult& result) { end = result; });
    rig.after(1s);
    CHECK(rig.sidecar->status().state == State::draining);
    CHECK(rig.server.sessions.empty());
    CHECK(rig.server.streams() == 0);
    rig.after(28s);
    CHECK(rig.server.sessions.empty());
    // It is still watched.
    CHECK(rig.last().kind == ProbeKind::handshake);
    CHECK(rig.last().sign == Sign::good);
    rig.counter.current.active = 0;
    rig.after(1s);
    REQUIRE(end);
    CHECK(end->drained);
    CHECK(rig.stop());
  }
}

TEST_CASE("drain: a drain that begins in the middle of a probe gives the canary up after it") {
  SidecarRig rig;
  rig.start();
  rig.server.silent = {"ping"};
  rig.after(11s);
  rig.sidecar->drain(rig.loop.now() + 60s, [](const DrainResult&) {});
  rig.after(10s);
  CHECK(rig.server.sessions.empty());
}

TEST_CASE("drain: a server that was never ready has nobody to wait for, and is not drained") {
  SidecarRig rig;
  rig.counter.current = DrainRig::counted(0);
  rig.server.silent = {"initialize", "server/discover"};
  rig.start();
  std::optional<DrainResult> end;
  rig.sidecar->drain(rig.loop.now() + 60s, [&end](const DrainResult& result) { end = result; });
  REQUIRE(end);
  CHECK(end->drained);
  CHECK(rig.counter.refusals == 0);
  // Its startup probe had failed, and it was started again.
  rig.server.silent = {};
  CHECK(rig.after(30s).state == State::ready);
  CHECK(rig.sidecar->status().startup.ok);
}

TEST_CASE("drain: a server that hangs is restarted, not drained, and its sessions are told") {
  SidecarRig rig;
  rig.counter.current = DrainRig::counted(2);
  rig.start();
  rig.server.silent = {"ping", "initialize", "server/discover", "tools/list"};
  REQUIRE_FALSE(rig.after(120s).live.ok);
  std::optional<DrainResult> end;
  rig.sidecar->drain(rig.loop.now() + 60s, [&end](const DrainResult& result) { end = result; });
  REQUIRE(end);
  CHECK_FALSE(end->drained);
  CHECK(end->cut == 2);
  CHECK(rig.counter.refusals == 0);
  rig.server.silent = {};
  CHECK(rig.after(60s).state == State::ready);
}

}  // namespace
}  // namespace probes::sidecar
