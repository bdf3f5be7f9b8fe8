#include "mcp/client/connection.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/fakes/fake_child.hpp"
#include "tests/fakes/fake_loop.hpp"

namespace mcp {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// A connection to a stdio server that the test plays.
struct Rig : ConnectionObserver {
  explicit Rig(ClientOptions options = {})
      : connection(TransportContext{.loop = loop, .http = nullptr, .children = &children},
                   endpoint(), std::move(options), *this) {
    connection.open(loop.now() + 10s, [this](Result<Peer> peer) { opened = std::move(peer); });
    loop.settle();
  }

  static Endpoint endpoint() {
    Endpoint target;
    target.child.argv = {"server"};
    return target;
  }

  /// The messages that the child has read since the last call.
  std::vector<json> read() {
    std::vector<json> messages;
    const auto text = children.last().take_written();
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = text.find('\n', begin);
      messages.push_back(json::parse(text.substr(begin, end - begin)));
      begin = end + 1;
    }
    return messages;
  }
  void answer(const json& request, const json& result) {
    const json reply = {{"jsonrpc", "2.0"}, {"id", request["id"]}, {"result", result}};
    children.last().put_stdout(reply.dump() + "\n");
    loop.settle();
  }
  void refuse(const json& request, int code) {
    const json reply = {
        {"jsonrpc", "2.0"}, {"id", request["id"]}, {"error", {{"code", code}, {"message", "no"}}}};
    children.last().put_stdout(reply.dump() + "\n");
    loop.settle();
  }

  FakeLoop loop;
  FakeChildSpawner children{loop};
  Connection connection;
  std::optional<Result<Peer>> opened;
};

const json discover_result = {{"resultType", "complete"},
                              {"supportedVersions", {"2026-07-28"}},
                              {"capabilities", json::object()}};
const json initialize_result = {{"protocolVersion", "2025-06-18"},
                                {"capabilities", json::object()},
                                {"serverInfo", {{"name", "old"}, {"version", "1"}}}};

TEST_CASE("connection: a modern stdio server is asked once") {
  Rig rig;
  const auto asked = rig.read();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["method"] == "server/discover");
  rig.answer(asked[0], discover_result);
  REQUIRE(rig.opened);
  CHECK((*rig.opened)->revision == Revision::v2026_07_28);
}

TEST_CASE("connection: a legacy stdio server that refuses server/discover is initialized") {
  Rig rig;
  rig.refuse(rig.read().at(0), -32601);
  const auto asked = rig.read();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["method"] == "initialize");
  rig.answer(asked[0], initialize_result);
  REQUIRE(rig.opened);
  CHECK((*rig.opened)->revision == Revision::v2025_06_18);
  CHECK(rig.read().at(0)["method"] == "notifications/initialized");
}

TEST_CASE("connection: a silent stdio server is sent initialize after the patience") {
  Rig rig;
  rig.read();
  rig.loop.advance(1999ms);
  CHECK(rig.read().empty());
  rig.loop.advance(2ms);
  const auto asked = rig.read();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["method"] == "initialize");
  rig.answer(asked[0], initialize_result);
  REQUIRE(rig.opened);
  CHECK((*rig.opened)->era() == Era::legacy);
}

TEST_CASE("connection: a modern server that starts slowly is modern, whatever was sent meanwhile") {
  Rig rig;
  const auto discover = rig.read().at(0);
  rig.loop.advance(3s);
  const auto initialize = rig.read().at(0);
  CHECK(discover["id"] != initialize["id"]);
  rig.answer(discover, discover_result);
  REQUIRE(rig.opened);
  CHECK((*rig.opened)->era() == Era::modern);
  rig.refuse(initialize, -32022);
  rig.connection.call("tools/list", json::object(), {}, [](Result<Json>) {});
  const auto asked = rig.read();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] == "2026-07-28");
}

TEST_CASE("connection: a late refusal of server/discover leaves the initialize under way") {
  Rig rig;
  const auto discover = rig.read().at(0);
  rig.loop.advance(3s);
  const auto initialize = rig.read().at(0);
  rig.refuse(discover, -32601);
  CHECK_FALSE(rig.opened);
  rig.answer(initialize, initialize_result);
  REQUIRE(rig.opened);
  CHECK((*rig.opened)->era() == Era::legacy);
}

TEST_CASE("connection: a child that refuses initialize after server/discover is replaced once") {
  Rig rig;
  rig.refuse(rig.read().at(0), -32601);
  rig.refuse(rig.read().at(0), 0);
  REQUIRE(rig.children.children.size() == 2);
  CHECK(rig.children.children[0]->stdin_closed());
  rig.answer(rig.read().at(0), initialize_result);
  REQUIRE(rig.opened);
  CHECK((*rig.opened)->era() == Era::legacy);
}

TEST_CASE("connection: a child that ends at once is told, long before the deadline") {
  Rig rig;
  for (int i = 0; i < 2 && !rig.opened; ++i) {
    rig.children.last().exit({.status = 3});
    rig.loop.advance(300ms);
  }
  REQUIRE(rig.opened);
  CHECK((*rig.opened).error().kind == ErrorKind::connect);
  CHECK((*rig.opened).error().message.find("exit status 3") != std::string::npos);
}

TEST_CASE("connection: a child that is silent to the end is a time out at the deadline") {
  Rig rig;
  rig.loop.advance(9990ms);
  CHECK_FALSE(rig.opened);
  rig.loop.advance(50ms);
  REQUIRE(rig.opened);
  CHECK((*rig.opened).error().kind == ErrorKind::timeout);
}

TEST_CASE("connection: a named revision is offered, and nothing else is tried") {
  Rig rig({.protocol = {.revision = Revision::v2025_03_26}});
  const auto asked = rig.read();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["params"]["protocolVersion"] == "2025-03-26");
  rig.refuse(asked[0], -32602);
  REQUIRE(rig.opened);
  CHECK((*rig.opened).error().rpc_code == -32602);
  CHECK(rig.children.children.size() == 1);
}

}  // namespace
}  // namespace mcp
