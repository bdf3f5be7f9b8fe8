#include "probes/sidecar/cleanup.hpp"

#include "tests/unit/sidecar/sidecar_rig.hpp"

namespace probes::sidecar {
namespace {

using enum ScriptedServer::Era;

SidecarOptions many_handshakes() {
  auto options = plain_options();
  options.handshake_every = 2;
  return options;
}

TEST_CASE("cleanup: a session whose DELETE is refused is ended once the server answers again") {
  SidecarRig rig(legacy, many_handshakes());
  rig.server.statuses = {{"DELETE", 503}};
  rig.start();
  rig.after(25s);
  CHECK(rig.server.sessions.size() == 3);
  rig.server.statuses.clear();
  rig.after(20s);
  CHECK(rig.server.sessions.size() == 1);
}

TEST_CASE("cleanup: a DELETE that hangs delays no probe, and is tried again") {
  SidecarRig rig(legacy, many_handshakes());
  rig.server.silent = {"DELETE"};
  rig.start();
  CHECK(rig.last().took < 1s);
  rig.after(30s);
  CHECK(rig.sidecar->status().state == State::ready);
  rig.server.silent.clear();
  rig.after(40s);
  CHECK(rig.server.sessions.size() == 1);
}

TEST_CASE("cleanup: a server that refuses DELETE for ever is not asked for ever") {
  SidecarRig rig(legacy, many_handshakes());
  rig.server.statuses = {{"DELETE", 503}};
  rig.start();
  rig.after(4000s);
  const int asked = rig.server.asked["DELETE"];
  // At most five tries for each of 200 handshakes.
  CHECK(asked <= 201 * 6);
  CHECK(rig.stop());
}

TEST_CASE("cleanup: a server that lets no client end a session is in order") {
  SidecarRig rig(legacy, many_handshakes());
  rig.server.statuses = {{"DELETE", 405}};
  rig.start();
  rig.after(1000s);
  CHECK(rig.server.asked["DELETE"] == rig.server.created - 1);
}

TEST_CASE("cleanup: a stop ends the canary, and what runs, before its deadline") {
  SidecarRig rig;
  rig.start();
  rig.server.silent = {"tools/list"};
  rig.after(93s);  // in the middle of a handshake
  CHECK(rig.server.sessions.size() == 2);
  CHECK(rig.stop());
  CHECK(rig.server.sessions.empty());
  CHECK(rig.sidecar->status().state == State::stopped);
  const auto asked = rig.server.order.size();
  rig.after(100s);
  CHECK(rig.server.order.size() == asked);
}

TEST_CASE("cleanup: a stop beside a frozen server takes no longer than its deadline") {
  SidecarRig rig;
  rig.start();
  rig.server.freeze();
  rig.after(40s);
  CHECK(rig.stop());
}

TEST_CASE("cleanup: a stop before the start is done at once") {
  SidecarRig rig;
  bool done = false;
  rig.sidecar->stop(rig.loop.now() + 5s, [&done] { done = true; });
  rig.after(1ms);
  CHECK(done);
}

TEST_CASE("cleanup: hours beside a frozen server cost nothing more than the first minutes") {
  SidecarRig rig;
  rig.start();
  rig.server.freeze();
  rig.after(30min);
  const auto timers = rig.loop.timers();
  const auto open = rig.server.http.open();
  rig.after(5h);
  CHECK(rig.loop.timers() <= timers + 5);
  CHECK(rig.server.http.open() <= open + 5);
}

}  // namespace
}  // namespace probes::sidecar
