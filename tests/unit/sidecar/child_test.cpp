#include <nlohmann/json.hpp>

#include "tests/fakes/fake_child.hpp"
#include "tests/unit/sidecar/sidecar_rig.hpp"

namespace probes::sidecar {
namespace {

using nlohmann::json;

/// A sidecar that owns its server: a child that answers, is silent or ends.
struct ChildRig {
  explicit ChildRig(SidecarOptions options = plain_options()) {
    options.endpoint.name = "server";
    options.endpoint.child.argv = {"server"};
    // Neither era has to be found out.
    options.client.protocol.era = mcp::Era::legacy;
    children.on_event = [this](mcp::FakeChild& child, mcp::ChildEvent event) {
      if (event == mcp::ChildEvent::written) read(child);
      if (event == mcp::ChildEvent::stdin_closed && !frozen) child.exit();
    };
    children.on_spawn = [this](mcp::FakeChild& child) {
      if (ends_at_once) child.exit({.status = 3});
    };
    sidecar = std::make_unique<Sidecar>(
        mcp::TransportContext{.loop = loop, .http = nullptr, .children = &children},
        std::move(options), counter);
    sidecar->start();
    loop.advance(100ms);
  }

  void read(mcp::FakeChild& child) {
    unread += child.take_written();
    if (!frozen) answer_all(child);
  }
  void answer_all(mcp::FakeChild& child) {
    for (auto end = unread.find('\n'); end != std::string::npos; end = unread.find('\n')) {
      const auto message = json::parse(unread.substr(0, end));
      unread.erase(0, end + 1);
      if (!message.contains("id")) continue;
      order.push_back(message["method"]);
      if (order.back() == silent) continue;
      const json reply = {
          {"jsonrpc", "2.0"}, {"id", message["id"]}, {"result", result_of(message["method"])}};
      child.put_stdout(reply.dump() + "\n");
    }
  }
  static json result_of(const std::string& method) {
    if (method == "tools/list") return {{"tools", {tool("a")}}};
    if (method != "initialize") return json::object();
    return {{"protocolVersion", "2025-11-25"},
            {"capabilities", {{"tools", json::object()}}},
            {"serverInfo", {{"name", "child"}, {"version", "1"}}}};
  }
  void thaw() {
    frozen = false;
    answer_all(children.last());
  }
  Status after(mcp::Duration time) {
    loop.advance(time);
    return sidecar->status();
  }
  ProbeOutcome last() const { return sidecar->status().recent.back(); }

  mcp::FakeLoop loop;
  mcp::FakeChildSpawner children{loop};
  FakeCounter counter;
  bool frozen = false;
  bool ends_at_once = false;
  std::string unread;
  std::string silent;  // a method that is never answered
  Methods order;
  std::unique_ptr<Sidecar> sidecar;
};

TEST_CASE("child: there is one, asked for its tools first, then for signs of life") {
  ChildRig rig;
  CHECK(rig.order == Methods{"initialize", "tools/list"});
  const auto status = rig.after(90s);
  CHECK(rig.order == Methods{"initialize", "tools/list", "ping", "ping", "ping", "ping", "ping",
                             "ping", "ping", "ping", "ping"});
  rig.after(10s);
  CHECK(rig.order.back() == "tools/list");
  CHECK(rig.children.children.size() == 1);
  CHECK(status.state == State::ready);
  CHECK(status.transport == mcp::TransportKind::stdio);
  CHECK(status.child_pid == 1001);
  CHECK(status.child_restarts == 0);
}

TEST_CASE("child: one that ends is a down sign, and is started again after a second") {
  ChildRig rig;
  rig.after(12s);
  rig.children.last().exit({.status = 3});
  CHECK_FALSE(rig.after(500ms).child_pid);
  const auto status = rig.after(1s);
  CHECK(rig.children.children.size() == 2);
  CHECK(status.child_pid == 1002);
  CHECK(status.child_restarts == 1);
  CHECK(status.canary.losses == Losses{{"exit", 1}});
  CHECK(rig.last().sign == Sign::down);
  CHECK(rig.last().reason.contains("exit status 3"));
  CHECK(status.state == State::ready);
  CHECK(rig.after(10s).recent.back().sign == Sign::good);
}

TEST_CASE("child: one that ends each time is started less and less often") {
  ChildRig rig;
  rig.ends_at_once = true;
  rig.children.last().exit({.status = 3});
  rig.after(105s);
  // After 1, 2, 4, 8, 16, 30 and 30 seconds.
  CHECK(rig.children.children.size() >= 7);
  CHECK(rig.children.children.size() <= 8);
  CHECK(rig.sidecar->status().state == State::degraded);
  CHECK(rig.last().reason.contains("it is started again in "));
  rig.ends_at_once = false;
  rig.after(35s);
  CHECK(rig.sidecar->status().state == State::ready);
}

TEST_CASE("child: one that is silent is told as such, with its process id") {
  ChildRig rig;
  rig.frozen = true;
  rig.after(16s);
  CHECK(rig.last().sign == Sign::down);
  CHECK(rig.last().reason ==
        "the child (pid 1001) runs and does not answer: no answer to ping within 5 s");
  CHECK(rig.children.last().signals().empty());
}

TEST_CASE("child: one that was silent and goes on is kept; late answers confuse nothing") {
  ChildRig rig;
  rig.frozen = true;
  rig.after(42s);
  CHECK(rig.sidecar->status().state == State::degraded);
  rig.thaw();
  CHECK(rig.after(10s).state == State::ready);
  CHECK(rig.children.children.size() == 1);
  CHECK(rig.after(30s).recent.back().reason == "ping answered");
}

TEST_CASE("child: a late answer to one probe is no answer to the next") {
  ChildRig rig;
  rig.frozen = true;
  rig.after(17s);  // the first ping is given up
  const auto first = rig.unread;
  rig.after(4s);  // the second one waits
  rig.unread = first;
  rig.answer_all(rig.children.last());
  rig.after(5s);
  CHECK(rig.last().sign == Sign::down);
}

TEST_CASE("child: one that is silent for as long as livez allows is ended and started again") {
  ChildRig rig;
  rig.frozen = true;
  rig.after(64s);
  CHECK_FALSE(rig.children.children[0]->stdin_closed());
  auto status = rig.after(1500ms);
  CHECK(rig.children.children[0]->stdin_closed());
  CHECK(status.canary.losses == Losses{{"wedged", 1}});
  CHECK(status.reason == "the child (pid 1001) did not answer 6 probes in a row, and was ended");
  rig.unread.clear();
  rig.frozen = false;
  rig.after(1s);
  CHECK(rig.children.children[0]->signals() == std::vector<int>{15, 9});
  status = rig.after(10s);
  CHECK(rig.children.children.size() == 2);
  CHECK(status.child_restarts == 1);
  CHECK(status.state == State::ready);
}

TEST_CASE("child: one whose list of tools hangs is degraded, and not ended for it") {
  ChildRig rig;
  rig.silent = "tools/list";
  const auto status = rig.after(300s);
  CHECK(status.state == State::degraded);
  CHECK(status.live.ok);
  CHECK(status.child_restarts == 0);
  CHECK(rig.last().reason == "tools/list: no answer before the deadline");
}

TEST_CASE("child: one that starts slowly is given the start-up grace, and is not started twice") {
  ChildRig rig;
  rig.frozen = true;
  rig.children.last().exit();
  rig.after(50s);
  CHECK(rig.children.children.size() == 2);
  CHECK(rig.last().reason.starts_with("the child (pid 1002) runs and does not answer: "));
  rig.thaw();
  CHECK(rig.after(10s).state == State::ready);
  CHECK(rig.children.children.size() == 2);
}

TEST_CASE("child: a stop ends it") {
  ChildRig rig;
  bool done = false;
  rig.sidecar->stop(rig.loop.now() + 5s, [&done] { done = true; });
  rig.after(1s);
  CHECK(done);
  CHECK(rig.children.last().exited());
}

TEST_CASE("child: nobody else has a session with it, so that a drain is over at once") {
  ChildRig rig;
  std::optional<DrainResult> end;
  rig.sidecar->drain(rig.loop.now() + 25s, [&end](DrainResult result) { end = result; });
  rig.after(1ms);
  REQUIRE(end);
  CHECK(end->drained);
  CHECK(rig.after(20s).canary.held);
}

}  // namespace
}  // namespace probes::sidecar
