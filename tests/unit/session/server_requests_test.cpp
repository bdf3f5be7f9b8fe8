#include "mcp/session/server_requests.hpp"

#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using nlohmann::json;

namespace {

const ClientCapabilities everything = {.roots = true, .sampling = true, .elicitation = true};

/// The reply to a request with id 0, and how it is described.
std::pair<json, std::string> answer(const std::string& method, const json& params,
                                    const ClientCapabilities& declared,
                                    ElicitationPolicy policy = ElicitationPolicy::decline) {
  const auto out =
      answer_server_request({.id = 0, .method = method, .params = params}, declared, policy);
  return {json::parse(encode(out.reply)), out.described};
}

json result(const json& value) {
  return {{"jsonrpc", "2.0"}, {"id", 0}, {"result", value}};
}

json error(int code, const std::string& message) {
  return {{"jsonrpc", "2.0"}, {"id", 0}, {"error", {{"code", code}, {"message", message}}}};
}

using Pair = std::pair<json, std::string>;

}  // namespace

TEST_CASE("server requests: ping is answered, whatever was declared") {
  CHECK(answer("ping", nullptr, {}) == Pair{result(json::object()), "answered"});
}

TEST_CASE("server requests: roots/list has none to tell") {
  CHECK(answer("roots/list", nullptr, everything) ==
        Pair{result({{"roots", json::array()}}), "empty list"});
}

TEST_CASE("server requests: sampling is rejected with the specification's code") {
  CHECK(answer("sampling/createMessage", json::object(), everything) ==
        Pair{error(-1, "User rejected sampling request"), "declined"});
}

TEST_CASE("server requests: elicitation follows the policy") {
  const json params = {
      {"message", "m"},
      {"requestedSchema", {{"properties", {{"a", {{"type", "string"}, {"default", "x"}}}}}}}};
  CHECK(answer("elicitation/create", params, everything) ==
        Pair{result({{"action", "decline"}}), "declined"});
  CHECK(answer("elicitation/create", params, everything, ElicitationPolicy::accept_defaults) ==
        Pair{result({{"action", "accept"}, {"content", {{"a", "x"}}}}),
             "accepted with the schema's defaults"});
}

TEST_CASE("server requests: an elicitation of a mode that was not declared is invalid") {
  CHECK(answer("elicitation/create", {{"mode", "url"}, {"url", "https://a/"}}, everything,
               ElicitationPolicy::accept_defaults) ==
        Pair{error(-32602, "Only form mode elicitation is supported"),
             "refused: its mode was not declared"});
}

TEST_CASE("server requests: undeclared capabilities and unknown methods are not found") {
  for (const std::string method :
       {"roots/list", "sampling/createMessage", "elicitation/create", "tools/list", "x"}) {
    CAPTURE(method);
    CHECK(answer(method, json::object(), {}) ==
          Pair{error(-32601, "Method not found: " + method),
               "refused: unknown method or undeclared capability"});
  }
}

TEST_CASE("session: a legacy server's request is answered under its own id") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.receive({{"jsonrpc", "2.0"}, {"id", 0}, {"method", "ping"}});
  fixture.receive({{"jsonrpc", "2.0"}, {"id", "1"}, {"method", "ping"}});
  CHECK(fixture.sent() == json{{"jsonrpc", "2.0"}, {"id", 0}, {"result", json::object()}});
  CHECK(fixture.sent() == json{{"jsonrpc", "2.0"}, {"id", "1"}, {"result", json::object()}});
  CHECK(fixture.told == Texts{"request ping: answered", "request ping: answered"});
}

TEST_CASE("session: an answer to the server carries the negotiated version") {
  SessionFixture fixture;
  fixture.become_legacy(Revision::v2025_06_18);
  fixture.receive({{"jsonrpc", "2.0"}, {"id", 0}, {"method", "ping"}});
  CHECK(fixture.take().headers == HeaderList{{"MCP-Protocol-Version", "2025-06-18"}});
}

TEST_CASE("session: a ping during the handshake is answered") {
  SessionFixture fixture;
  fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  fixture.forget();
  fixture.receive({{"jsonrpc", "2.0"}, {"id", 0}, {"method", "ping"}});
  CHECK(fixture.sent() == json{{"jsonrpc", "2.0"}, {"id", 0}, {"result", json::object()}});
}

TEST_CASE("session: elicitation counts as declared from 2025-06-18 on") {
  const json request = {{"jsonrpc", "2.0"},
                        {"id", 3},
                        {"method", "elicitation/create"},
                        {"params", {{"requestedSchema", json::object()}}}};
  SessionFixture older({.capabilities = everything});
  older.become_legacy(Revision::v2025_03_26);
  older.receive(request);
  CHECK(older.sent()["error"]["code"] == -32601);
  SessionFixture newer({.capabilities = everything});
  newer.become_legacy(Revision::v2025_06_18);
  newer.receive(request);
  CHECK(newer.sent()["result"] == json{{"action", "decline"}});
}

TEST_CASE("session: a modern server's request is a warning, and gets no answer") {
  SessionFixture fixture({.capabilities = everything});
  fixture.become_modern();
  fixture.receive({{"jsonrpc", "2.0"}, {"id", 0}, {"method", "roots/list"}});
  CHECK(fixture.outbox.empty());
  CHECK(fixture.told ==
        Texts{"warning the server sent the request \"roots/list\", which this revision forbids"});
}
