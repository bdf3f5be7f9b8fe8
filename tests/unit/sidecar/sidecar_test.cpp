#include "probes/sidecar/sidecar.hpp"

#include "tests/unit/sidecar/sidecar_rig.hpp"

namespace probes::sidecar {
namespace {

using enum ScriptedServer::Era;

TEST_CASE("sidecar: the first probe is a full handshake at once, then the canary is opened") {
  SidecarRig rig;
  rig.start();
  CHECK(rig.server.order == Methods{"server/discover", "initialize", "tools/list", "initialize"});
  CHECK(rig.server.sessions == std::set<std::string>{"s-2"});
  const auto status = rig.sidecar->status();
  CHECK(status.state == State::ready);
  CHECK(status.canary.held);
  CHECK(status.surface.tools == 2);
  CHECK(status.peer->name == "scripted");
  REQUIRE(status.recent.size() == 2);
  CHECK(status.recent[0].reason == "tools/list brought 2 tools");
  CHECK(status.recent[1].reason == "initialize answered: the canary is open");
}

TEST_CASE("sidecar: each interval the held session is pinged, each tenth probe is a handshake") {
  SidecarRig rig;
  rig.start();
  rig.server.order.clear();
  rig.after(90s);
  CHECK(rig.server.order == Methods{"ping", "ping", "ping", "ping", "ping", "ping", "ping", "ping",
                                    "initialize", "tools/list"});
  CHECK(rig.server.sessions == std::set<std::string>{"s-2"});
  CHECK(rig.server.most_at_once == 1);
}

TEST_CASE("sidecar: a modern server is asked by server/discover, beside an open subscription") {
  SidecarRig rig(modern);
  rig.start();
  CHECK(rig.server.order ==
        Methods{"server/discover", "tools/list", "server/discover", "subscriptions/listen"});
  CHECK(rig.server.streams() == 1);
  rig.server.order.clear();
  rig.after(20s);
  CHECK(rig.server.order == Methods{"server/discover", "server/discover"});
  CHECK(rig.sidecar->status().state == State::ready);
}

TEST_CASE("sidecar: the pages of tools/list are all read") {
  SidecarRig rig;
  rig.server.page_size = 1;
  rig.server.tools = {tool("a"), tool("b"), tool("c")};
  rig.start();
  CHECK(rig.server.asked["tools/list"] == 3);
  CHECK(rig.sidecar->status().surface.tools == 3);
}

TEST_CASE("sidecar: ten thousand probes leave one session, a stop none, and memory is bounded") {
  auto options = plain_options();
  options.interval = 1s;
  SidecarRig rig(legacy, options);
  rig.start();
  rig.after(10'000s);
  const auto status = rig.sidecar->status();
  std::uint64_t probes = 0;
  for (const auto& [which, count] : status.probes) probes += count;
  CHECK(probes >= 10'000);
  CHECK(rig.server.sessions.size() == 1);
  CHECK(rig.server.created == rig.server.deleted + 1);
  CHECK(status.recent.size() == 20);
  CHECK(status.operations.size() == 3);
  CHECK(rig.loop.timers() < 10);
  CHECK(rig.stop());
  CHECK(rig.server.sessions.empty());
  CHECK(rig.server.created == rig.server.deleted);
  CHECK(rig.loop.timers() == 0);
}

TEST_CASE("sidecar: while it was never ready a server is asked each second") {
  SidecarRig rig;
  rig.server.kill();
  rig.start();
  rig.after(4s);
  CHECK(rig.sidecar->status().probes.at({ProbeKind::handshake, Sign::down}) == 5);
  CHECK(rig.sidecar->status().state == State::starting);
  rig.server.restart();
  CHECK(rig.after(1s).state == State::ready);
  CHECK(rig.sidecar->status().canary.held);
}

TEST_CASE("sidecar: a server that is killed is degraded by the threshold, and comes back") {
  for (const auto era : {legacy, modern}) {
    SidecarRig rig(era);
    rig.start();
    rig.server.kill();
    CHECK(rig.next().state == State::ready);
    CHECK(rig.last().sign == Sign::down);
    rig.next();
    CHECK(rig.next().state == State::degraded);
    rig.server.restart();
    const auto back = rig.next();
    CHECK(back.state == State::ready);
    CHECK(back.canary.held);
    // It may be another one now: ready means that its tools work.
    CHECK(back.recent.rbegin()[1].kind == ProbeKind::handshake);
    const auto& losses = back.canary.losses;
    CHECK(losses == Losses{{era == legacy ? "connection" : "stream-cut", 1}});
    CHECK(rig.stop());
    CHECK(rig.server.sessions.empty());
  }
}

TEST_CASE("sidecar: a server that restarts between two probes is one bad sign, told by its cause") {
  SidecarRig rig;
  rig.start();
  rig.server.lose_sessions();
  const auto status = rig.next();
  CHECK(status.state == State::ready);
  CHECK(status.canary.held);
  CHECK(status.canary.losses == Losses{{"session-lost", 1}});
  CHECK(rig.last().sign == Sign::bad);
  CHECK(rig.last().failure == mcp::ErrorKind::session_lost);
  CHECK(rig.last().reason.starts_with("the canary was lost (session-lost): ping: "));
  CHECK(rig.last().reason.ends_with("; it was opened again"));
  CHECK(rig.next().recent.back().sign == Sign::good);
}

TEST_CASE("sidecar: with a failure threshold of one a loss fails readyz for one interval") {
  auto options = plain_options();
  options.thresholds.failure = 1;
  SidecarRig rig(legacy, options);
  rig.start();
  rig.server.lose_sessions();
  CHECK_FALSE(rig.next().ready.ok);
  CHECK(rig.next().ready.ok);
}

TEST_CASE("sidecar: 429 is neutral, whatever is asked") {
  SidecarRig rig;
  rig.start();
  rig.server.statuses = {{"ping", 429}, {"initialize", 429}};
  const auto status = rig.after(200s);
  CHECK(status.state == State::ready);
  CHECK(status.ready.ok);
  CHECK(status.live.ok);
  CHECK(status.probes.contains({ProbeKind::handshake, Sign::neutral}));
  CHECK(status.canary.losses.empty());
}

TEST_CASE("sidecar: 401 fails readiness and never livez; a protected server may be in order") {
  for (const bool passes : {false, true}) {
    auto options = plain_options();
    options.protected_passes = passes;
    SidecarRig rig(legacy, options);
    rig.server.statuses = {{"server/discover", 401}, {"initialize", 401}};
    rig.start();
    const auto status = rig.after(300s);
    CHECK(status.state == (passes ? State::ready : State::starting));
    CHECK(status.live.ok);
  }
}

TEST_CASE("sidecar: a list of tools that is empty fails readiness, though ping is answered") {
  SidecarRig rig;
  rig.start();
  rig.server.tools.clear();
  const auto status = rig.after(120s);
  CHECK(status.state == State::degraded);
  CHECK(status.reason == "tools/list: the server declares tools, and lists none");
  CHECK(status.live.ok);
  rig.server.tools = {tool("a"), tool("b")};
  CHECK(rig.next().state == State::ready);
}

TEST_CASE("sidecar: a server that declares no tools is not asked for them") {
  SidecarRig rig;
  rig.server.capabilities = {{"prompts", nlohmann::json::object()}};
  rig.start();
  CHECK(rig.sidecar->status().state == State::ready);
  CHECK(rig.server.asked["tools/list"] == 0);
}

TEST_CASE("sidecar: tools/list that hangs degrades a server that answers ping") {
  SidecarRig rig;
  rig.start();
  rig.server.silent = {"tools/list"};
  const auto status = rig.after(128s);
  CHECK(status.state == State::degraded);
  CHECK(rig.last().kind == ProbeKind::handshake);
  CHECK(rig.last().sign == Sign::bad);
  CHECK(rig.last().reason == "tools/list: timed out waiting for the first byte");
  CHECK(rig.server.sessions.size() == 1);
  // Something behind it hangs: to restart the server would help nobody.
  CHECK(rig.after(300s).live.ok);
}

TEST_CASE("sidecar: new sessions that hang degrade a server whose held session is answered") {
  SidecarRig rig;
  rig.start();
  rig.server.silent = {"initialize"};
  const auto status = rig.after(400s);
  CHECK(status.state == State::degraded);
  CHECK(status.live.ok);
  CHECK(status.canary.held);
}

TEST_CASE("sidecar: other tools are told, and fail nothing unless that was asked for") {
  for (const bool required : {false, true}) {
    auto options = plain_options();
    options.require_stable_surface = required;
    options.handshake_every = 2;
    SidecarRig rig(legacy, options);
    rig.start();
    rig.server.tools = {tool("a", "does else"), tool("c")};
    const auto status = rig.after(60s);
    CHECK(status.surface.drifted());
    CHECK(status.surface.changes == 1);
    CHECK(status.surface.differing == Methods{"~a", "+c", "-b"});
    CHECK(status.state == (required ? State::degraded : State::ready));
    rig.server.tools = {tool("b"), tool("a")};
    const auto back = rig.after(30s);
    CHECK_FALSE(back.surface.drifted());
    CHECK(back.state == State::ready);
  }
}

TEST_CASE("sidecar: a server that says its tools have changed is asked for them next") {
  SidecarRig rig(modern);
  rig.start();
  rig.server.order.clear();
  rig.server.notify("notifications/tools/list_changed");
  rig.after(20s);
  CHECK(rig.server.order == Methods{"server/discover", "tools/list", "server/discover"});
}

TEST_CASE("sidecar: what is measured is told by operation, with the kind of its failure") {
  SidecarRig rig;
  rig.start();
  rig.server.silent = {"ping"};
  rig.next();
  rig.after(5s);
  const auto operations = rig.sidecar->status().operations;
  CHECK(operations.at({"initialize", ""}).total() == 2);
  CHECK(operations.at({"tools/list", ""}).total() == 1);
  CHECK(operations.at({"ping", "timeout"}).total() == 1);
}

/// Another way to the same server, which counts how many of its kind there are.
class CountedHttp final : public mcp::Http {
 public:
  CountedHttp(mcp::Http& inner, int& living) : inner_(inner), living_(living) { ++living_; }
  ~CountedHttp() override { --living_; }
  std::unique_ptr<mcp::HttpExchange> start(mcp::HttpRequest request,
                                           mcp::HttpObserver& observer) override {
    return inner_.start(std::move(request), observer);
  }
  std::unique_ptr<mcp::HttpExchange> start_connect(mcp::HttpRequest request,
                                                   mcp::HttpObserver& observer) override {
    return inner_.start_connect(std::move(request), observer);
  }

 private:
  mcp::Http& inner_;
  int& living_;
};

TEST_CASE("sidecar: a connection's client is gone with it, so that no socket is left") {
  int living = 0;
  int made = 0;
  mcp::Http* inner = nullptr;
  auto options = plain_options();
  options.make_http = [&]() -> mcp::Result<std::unique_ptr<mcp::Http>> {
    ++made;
    return std::make_unique<CountedHttp>(*inner, living);
  };
  SidecarRig rig(legacy, options);
  inner = &rig.server.http;
  rig.start();
  rig.after(300s);
  CHECK(living == 1);  // the canary's
  CHECK(made == 5);
  rig.sidecar->drain(rig.loop.now() + 1s, [](DrainResult) {});
  rig.after(1s);
  CHECK(living == 0);
}

TEST_CASE("sidecar: a client that cannot be made is told, and fails readiness") {
  auto options = plain_options();
  options.make_http = [] { return mcp::fail(mcp::ErrorKind::usage, "no such file: ca.pem"); };
  SidecarRig rig(legacy, options);
  rig.start();
  CHECK(rig.after(5s).state == State::starting);
  CHECK(rig.last().reason == "no such file: ca.pem");
  CHECK(rig.stop());
}

}  // namespace
}  // namespace probes::sidecar
