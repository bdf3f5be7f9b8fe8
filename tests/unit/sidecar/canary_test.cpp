#include "probes/sidecar/canary.hpp"

#include "tests/unit/sidecar/sidecar_rig.hpp"

namespace probes::sidecar {
namespace {

using enum ScriptedServer::Era;

TEST_CASE("canary: a frozen server is down, keeps its session, and is well again when it goes on") {
  SidecarRig rig;
  rig.start();
  rig.server.freeze();
  rig.after(16s);
  CHECK(rig.last().sign == Sign::down);
  CHECK(rig.last().failure == mcp::ErrorKind::timeout);
  CHECK(rig.after(20s).state == State::degraded);
  CHECK(rig.sidecar->status().canary.held);
  rig.server.thaw();
  const auto status = rig.after(10s);
  CHECK(status.state == State::ready);
  CHECK(status.canary.losses.empty());
  CHECK(rig.server.sessions.contains("s-2"));
}

TEST_CASE("canary: livez fails when a server hangs again and again, and not before") {
  SidecarRig rig;
  rig.start();
  rig.server.freeze();
  CHECK(rig.after(64s).live.ok);
  const auto status = rig.after(2s);
  CHECK_FALSE(status.live.ok);
  CHECK(status.live.reason.starts_with("6 probes in a row got no answer: "));
}

TEST_CASE("canary: a server that was frozen for minutes is left without a session of ours") {
  SidecarRig rig;
  rig.start();
  rig.server.freeze();
  rig.after(400s);
  rig.server.thaw();
  rig.after(30s);
  CHECK(rig.sidecar->status().state == State::ready);
  // What it was asked while it stood still has opened sessions, and each was ended.
  CHECK(rig.server.created > 4);
  CHECK(rig.server.sessions.size() == 1);
  CHECK(rig.stop());
  CHECK(rig.server.sessions.empty());
}

TEST_CASE("canary: a server that froze before it was ever ready is left without a session") {
  SidecarRig rig;
  rig.server.freeze();
  rig.start();
  rig.after(60s);
  rig.server.thaw();
  rig.after(30s);
  CHECK(rig.sidecar->status().state == State::ready);
  CHECK(rig.server.sessions.size() == 1);
}

TEST_CASE("canary: only the held session hangs: it is replaced when a new one shows that") {
  SidecarRig rig;
  rig.start();
  rig.server.stuck_sessions = rig.server.sessions;
  const auto status = rig.after(80s);
  CHECK(status.canary.losses == Losses{{"timeout", 1}});
  CHECK(status.canary.held);
  CHECK(status.state == State::ready);
  CHECK(status.live.ok);
}

TEST_CASE("canary: a subscription that is cut is looked at before the next probe is due") {
  SidecarRig rig(modern);
  rig.start();
  rig.after(12s);
  rig.server.cut_streams();
  const auto status = rig.after(10ms);
  CHECK(status.canary.losses == Losses{{"stream-cut", 1}});
  CHECK(status.canary.held);
  CHECK(status.recent.back().sign == Sign::bad);
  CHECK(rig.server.streams() == 1);
  CHECK(status.state == State::ready);
}

TEST_CASE("canary: a server that cuts each subscription is not asked more often for it") {
  SidecarRig rig(modern);
  rig.start();
  for (int i = 0; i < 60; ++i) {
    rig.after(1s);
    rig.server.cut_streams();
  }
  CHECK(rig.sidecar->status().state == State::degraded);
  CHECK(rig.server.asked["subscriptions/listen"] < 10);
}

TEST_CASE("canary: a subscription that the server ends is a loss of its own kind") {
  SidecarRig rig(modern);
  rig.start();
  rig.after(12s);
  rig.server.end_streams_in_order();
  CHECK(rig.after(1s).canary.losses == Losses{{"stream-ended", 1}});
}

TEST_CASE("canary: a modern server without subscriptions is in order") {
  SidecarRig rig(modern);
  rig.server.errors = {{"subscriptions/listen", -32601}};
  rig.start();
  const auto status = rig.after(60s);
  CHECK(status.state == State::ready);
  CHECK(status.canary.losses.empty());
  CHECK(rig.server.asked["subscriptions/listen"] == 1);
}

TEST_CASE("canary: a server that fails to open the subscription is degraded") {
  SidecarRig rig(modern);
  rig.server.statuses = {{"subscriptions/listen", 500}};
  rig.start();
  const auto status = rig.after(60s);
  CHECK(status.state == State::degraded);
  CHECK(status.canary.losses.contains("stream-refused"));
}

TEST_CASE("canary: a subscription that is asked for too often is asked for again later") {
  SidecarRig rig(modern);
  rig.server.statuses = {{"subscriptions/listen", 429}};
  rig.start();
  CHECK(rig.after(30s).state == State::ready);
  rig.server.statuses.clear();
  rig.after(10s);
  CHECK(rig.server.streams() == 1);
  CHECK(rig.sidecar->status().canary.losses.empty());
}

TEST_CASE("canary: a server that does not know ping is alive") {
  SidecarRig rig;
  rig.server.errors = {{"ping", -32601}};
  rig.start();
  CHECK(rig.after(50s).state == State::ready);
  CHECK(rig.last().reason == "ping answered: the server does not know the method");
}

TEST_CASE("canary: another error in answer to ping is a bad sign, and no loss") {
  SidecarRig rig;
  rig.start();
  rig.server.errors = {{"ping", -32603}};
  const auto status = rig.after(30s);
  CHECK(status.state == State::degraded);
  CHECK(status.canary.losses.empty());
  CHECK(status.canary.held);
}

TEST_CASE("canary: a reset between two probes is one bad sign when the server is there again") {
  SidecarRig rig;
  rig.start();
  rig.server.kill();
  rig.next();
  rig.server.restart();
  const auto status = rig.next();
  CHECK(status.recent.back().sign == Sign::good);
  CHECK(status.canary.held);
}

TEST_CASE("canary: its age and its last sign are told") {
  SidecarRig rig;
  rig.start();
  const auto opened = rig.loop.now();
  rig.after(25s);
  const auto canary = rig.sidecar->status().canary;
  CHECK(opened - *canary.since < 200ms);
  CHECK(rig.loop.now() - *canary.last_sign < 6s);
}

}  // namespace
}  // namespace probes::sidecar
