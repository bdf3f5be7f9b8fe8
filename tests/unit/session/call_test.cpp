#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("session: a call is answered by its result") {
  SessionFixture fixture;
  fixture.become_legacy();
  CHECK(fixture.call("tools/list") == RequestId(2));
  CHECK(fixture.sent() == json{{"jsonrpc", "2.0"}, {"id", 2}, {"method", "tools/list"}});
  fixture.receive_result(2, {{"tools", json::array()}});
  CHECK(fixture.replies == Texts{"tools/list: {\"tools\":[]}"});
  CHECK(fixture.session.pending() == 0);
}

TEST_CASE("session: a call is answered by its error, which keeps code and data") {
  SessionFixture fixture;
  fixture.become_legacy();
  Error seen;
  fixture.session.call("tools/call", json{{"name", "x"}}, {},
                       [&seen](Result<Json> reply) { seen = std::move(reply.error()); });
  fixture.receive_error(2, -32602, "Unknown tool: x", {{"a", 1}});
  CHECK(fixture.text_of(seen) == "rpc: tools/call: server answered -32602: Unknown tool: x");
  CHECK(seen.rpc_code == -32602);
  CHECK(**seen.rpc_data == json{{"a", 1}});
}

TEST_CASE("session: a tool's isError is a result") {
  SessionFixture fixture;
  fixture.become_modern();
  fixture.call("tools/call", {{"name", "x"}});
  fixture.receive_result(2, {{"resultType", "complete"}, {"isError", true}});
  CHECK(fixture.replies == Texts{R"(tools/call: {"isError":true,"resultType":"complete"})"});
}

TEST_CASE("session: answers may come in any order") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("a");
  fixture.call("b");
  fixture.receive_result(3, json::object());
  fixture.receive_result(2, json::object());
  CHECK(fixture.replies == Texts{"b: {}", "a: {}"});
}

TEST_CASE("session: a result that is not an object is a protocol error that quotes it") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("ping");
  fixture.receive_result(2, json::array({1, "\u202e"}));
  CHECK(fixture.replies ==
        Texts{"ping: protocol: ping: the result is not an object: \"[1,\"\\u{202e}\"]\""});
}

TEST_CASE("session: modern calls carry their metadata and mirror it in the headers") {
  SessionFixture fixture({.traceparent = "00-a-b-01", .log_level = "info"});
  fixture.become_modern();
  fixture.call("tools/call", {{"name", "echo"}, {"arguments", {{"text", "x"}}}},
               {.deadline = fixture.at(1s), .headers = {{"Mcp-Param-Text", "x"}}});
  const auto outgoing = fixture.take();
  CHECK(outgoing.headers == HeaderList{{"MCP-Protocol-Version", "2026-07-28"},
                                       {"Mcp-Method", "tools/call"},
                                       {"Mcp-Name", "echo"},
                                       {"traceparent", "00-a-b-01"},
                                       {"Mcp-Param-Text", "x"}});
  CHECK(outgoing.deadline == fixture.at(1s));
  CHECK(json::parse(encode(outgoing.message))["params"] ==
        json{{"name", "echo"},
             {"arguments", {{"text", "x"}}},
             {"_meta",
              {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
               {"io.modelcontextprotocol/clientInfo", {{"name", "mcpctl"}, {"version", "1.2"}}},
               {"io.modelcontextprotocol/clientCapabilities", json::object()},
               {"io.modelcontextprotocol/logLevel", "info"},
               {"traceparent", "00-a-b-01"}}}});
}

TEST_CASE("session: an unknown or malformed resultType is a protocol error in the modern era") {
  for (const json& type : {json("task"), json(""), json(1), json(nullptr)}) {
    SessionFixture fixture;
    fixture.become_modern();
    fixture.call("tools/list");
    fixture.receive_result(2, {{"resultType", type}});
    CHECK(fixture.replies ==
          Texts{"tools/list: protocol: tools/list: unknown resultType \"" + type.dump() + "\""});
  }
}

TEST_CASE("session: a legacy result may have a resultType of any kind") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/call");
  fixture.receive_result(2, {{"resultType", "input_required"}});
  CHECK(fixture.replies == Texts{R"(tools/call: {"resultType":"input_required"})"});
}

TEST_CASE("session: a modern call that is refused for its version is retried once") {
  SessionFixture fixture;
  fixture.become_modern();
  fixture.call("tools/call", {{"name", "x"}}, {.headers = {{"Mcp-Param-A", "1"}}});
  const auto first = fixture.take();
  fixture.receive_error(2, -32022, "no", {{"supported", {"2026-07-28"}}});
  const auto second = fixture.take();
  CHECK(std::get<Request>(second.message).id == RequestId(3));
  CHECK(std::get<Request>(second.message).params == std::get<Request>(first.message).params);
  CHECK(second.headers == first.headers);
  fixture.receive_error(3, -32022, "no", {{"supported", {"2026-07-28"}}});
  CHECK(fixture.replies == Texts{"tools/call: rpc: tools/call: server answered -32022: no"});
}

TEST_CASE("session: a legacy call that is refused for its version is not retried") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list");
  fixture.forget();
  fixture.receive_error(2, -32022, "no", {{"supported", {"2026-07-28"}}});
  CHECK(fixture.outbox.empty());
  CHECK(fixture.replies == Texts{"tools/list: rpc: tools/list: server answered -32022: no"});
}

TEST_CASE("session: a call that the transport gives up is answered by the transport's error") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list");
  fixture.forget();
  fixture.session.fail_request(2, fail(ErrorKind::http, "503").error());
  fixture.session.fail_request(2, fail(ErrorKind::http, "again").error());
  fixture.session.fail_request("2", fail(ErrorKind::http, "string").error());
  CHECK(fixture.replies == Texts{"tools/list: http: 503"});
  CHECK(fixture.outbox.empty());
  CHECK(fixture.abandoned.empty());
}

TEST_CASE("session: fail_all ends every open call, but none that a reply starts") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.session.call("a", {}, {}, [&fixture](const Result<Json>& reply) {
    CHECK(!reply.has_value());
    fixture.call("c");
  });
  fixture.call("b");
  fixture.session.fail_all(fail(ErrorKind::session_lost, "child exited").error());
  CHECK(fixture.replies == Texts{"b: session-lost: child exited"});
  CHECK(fixture.session.pending() == 1);
}

TEST_CASE("session: a reply may end the other calls") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.session.call("a", {}, {}, [&fixture](const Result<Json>&) { fixture.session.reset(); });
  fixture.call("b");
  fixture.receive_result(2, json::object());
  CHECK(fixture.replies == Texts{"b: session-lost: the session was given up for a new one"});
  CHECK(fixture.session.revision() == std::nullopt);
  CHECK(fixture.abandoned == Texts{"3"});
}

TEST_CASE("session: ids are not used again after a reset") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.session.reset();
  fixture.become_modern();
  CHECK(fixture.call("tools/list") == RequestId(3));
}

TEST_CASE("session: notify sends a notification with the era's headers") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.session.notify("notifications/roots/list_changed", {});
  const auto outgoing = fixture.take();
  CHECK(json::parse(encode(outgoing.message)) ==
        json{{"jsonrpc", "2.0"}, {"method", "notifications/roots/list_changed"}});
  CHECK(outgoing.headers == HeaderList{{"MCP-Protocol-Version", "2025-11-25"}});
}
