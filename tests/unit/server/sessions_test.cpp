#include <doctest/doctest.h>

#include "tests/unit/server/exchange.hpp"

// Streamable HTTP of the legacy era, request by request.

using namespace mcp::testserver;
using mcp::FakeAnswer;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace {

constexpr auto* initialized = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
constexpr auto* list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
constexpr auto* echo_hi =
    R"({"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"hi"}]}})";

std::string text_of(const FakeAnswer& answer) {
  const auto body = JsonView::parse(answer.body);
  if (!body) return "not JSON: " + answer.body;
  const auto content = (*body)["result"]["content"].elements();
  return content.empty() ? "no content" : content.front()["text"].string();
}

std::int64_t code_of(const FakeAnswer& answer) {
  const auto body = JsonView::parse(answer.body);
  return body ? (*body)["error"]["code"].integer().value_or(0) : 0;
}

}  // namespace

TEST_CASE("legacy: initialize answers with the version asked for and a session id") {
  Exchange exchange(test_options());
  const auto answer = exchange.post(
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
      R"("capabilities":{},"clientInfo":{"name":"test","version":"1"}}})");
  CHECK(answer->status == 200);
  REQUIRE(answer->find("Mcp-Session-Id") != nullptr);
  CHECK(answer->find("Mcp-Session-Id")->size() == 32);
  CHECK((*JsonView::parse(answer->body))["result"]["protocolVersion"].equals("2025-06-18"));
  CHECK(exchange.service.metrics.sessions_active == 1);
}

TEST_CASE("legacy: initialize with an unknown version is answered with the latest legacy one") {
  for (const auto* asked : {"1999-01-01", "2026-07-28"}) {
    Exchange exchange(test_options());
    const auto answer = exchange.post(
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
        std::string(asked) + R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})");
    CHECK((*JsonView::parse(answer->body))["result"]["protocolVersion"].equals("2025-11-25"));
  }
}

TEST_CASE("legacy: a failed initialize leaves no session behind") {
  Exchange exchange(test_options());
  const auto answer =
      exchange.post(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{}})");
  CHECK(code_of(*answer) == -32602);
  CHECK(answer->find("Mcp-Session-Id") == nullptr);
  CHECK(exchange.service.metrics.sessions_active == 0);
}

TEST_CASE("legacy: requests need a session: 400 without an id, 404 with an unknown one") {
  Exchange exchange(test_options());
  CHECK(exchange.post(list)->status == 400);
  CHECK(exchange.call("unknown", list)->status == 404);
  CHECK(exchange.get("unknown")->status == 404);
  const auto session = exchange.open();
  CHECK(exchange.call(session, list)->status == 200);
}

TEST_CASE("legacy: DELETE ends the session, 404 from then on") {
  Exchange exchange(test_options());
  const auto session = exchange.open();
  const mcp::HeaderList fields{{.name = "Mcp-Session-Id", .value = session}};
  CHECK(exchange.send("DELETE", "/mcp", fields)->status == 200);
  CHECK(exchange.call(session, list)->status == 404);
  CHECK(exchange.send("DELETE", "/mcp", fields)->status == 404);
  CHECK(exchange.service.metrics.sessions_deleted == 1);
}

TEST_CASE("legacy: sessions expire when they are not used, unless a stream is open") {
  auto options = test_options();
  options.session_ttl = 60s;
  Exchange exchange(options);
  const auto idle = exchange.open();
  const auto listening = exchange.open();
  const auto stream = exchange.get(listening);
  exchange.loop.advance(61s);
  exchange.router.expire(exchange.loop.now());
  CHECK(exchange.call(idle, list)->status == 404);
  CHECK(exchange.call(listening, list)->status == 200);
  CHECK(exchange.service.metrics.sessions_expired == 1);
  CHECK(exchange.service.metrics.sessions_active == 1);
}

TEST_CASE("legacy: too many sessions are refused with 503 and Retry-After") {
  auto options = test_options();
  options.max_sessions = 1;
  Exchange exchange(options);
  exchange.open();
  const auto answer = exchange.post(
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
      R"("capabilities":{},"clientInfo":{"name":"test","version":"1"}}})");
  CHECK(answer->status == 503);
  CHECK(answer->find("Retry-After") != nullptr);
}

TEST_CASE("legacy: notifications and answers are accepted with 202 and no body") {
  Exchange exchange(test_options());
  const auto session = exchange.open();
  for (const auto* body : {initialized, R"({"jsonrpc":"2.0","id":7,"result":{}})"}) {
    const auto answer = exchange.call(session, body);
    CHECK(answer->status == 202);
    CHECK(answer->body.empty());
  }
}

TEST_CASE("legacy: what is not acceptable is refused before it is read") {
  Exchange exchange(test_options());
  using Fields = mcp::HeaderList;
  CHECK(exchange.post(list, Fields{{.name = "Accept", .value = "application/json"}})->status ==
        406);
  CHECK(exchange.post(list, Fields{{.name = "Accept", .value = "text/*, application/json"}})
            ->status == 400);
  CHECK(exchange.post(list, Fields{{.name = "Content-Type", .value = "text/plain"}})->status ==
        415);
  CHECK(exchange.post("{", {})->status == 400);
  CHECK(code_of(*exchange.post("{", {})) == -32700);
  CHECK(code_of(*exchange.post("[]", {})) == -32600);
  CHECK(code_of(*exchange.post(R"({"jsonrpc":"2.0","id":null,"method":"ping"})", {})) == -32600);
  CHECK(code_of(*exchange.post(R"({"jsonrpc":"1.0","id":1,"method":"ping"})", {})) == -32600);
  CHECK(exchange.post(list, Fields{{.name = "Origin", .value = "http://evil.example"}})->status ==
        403);
  CHECK(exchange.post(list, Fields{{.name = "Origin", .value = "http://localhost:5173"}})->status ==
        400);
  CHECK(exchange.send("PUT", "/mcp")->status == 405);
  CHECK(exchange.send("GET", "/other")->status == 404);
}

TEST_CASE("legacy: an unsupported version in the header is refused with 400") {
  Exchange exchange(test_options());
  const auto session = exchange.open();
  const auto with = [&](std::string version) {
    return exchange.call(session, list,
                         {{.name = "MCP-Protocol-Version", .value = std::move(version)}});
  };
  CHECK(with("2025-11-25")->status == 200);
  CHECK(with("1999-01-01")->status == 400);
}

TEST_CASE("legacy: quick calls are answered with JSON, those with progress by an event stream") {
  Exchange exchange(test_options());
  const auto session = exchange.open("2025-06-18");
  const auto quick = exchange.call(session, tools_call(3, "echo", R"({"text":"hi"})"));
  CHECK_FALSE(quick->streaming);
  CHECK(quick->body == echo_hi);
  const auto slow = exchange.call(session, tools_call(4, "slow", R"({"ms":100,"steps":2})",
                                                      R"(,"_meta":{"progressToken":"p"})"));
  CHECK(slow->streaming);
  CHECK(slow->body.empty());
  exchange.loop.advance(50ms);
  CHECK(events(*slow).size() == 1);
  exchange.loop.advance(50ms);
  CHECK(events(*slow).size() == 3);
  CHECK(slow->finished);
}

TEST_CASE("legacy: the mode decides how calls are answered") {
  auto options = test_options();
  options.answers = AnswerMode::sse;
  Exchange streaming(options);
  const auto first =
      streaming.call(streaming.open("2025-06-18"), tools_call(3, "echo", R"({"text":"hi"})"));
  CHECK(events(*first) == Strings{echo_hi});
  options.answers = AnswerMode::json;
  Exchange plain(options);
  const auto second = plain.call(plain.open(), tools_call(4, "slow", R"({"ms":100})"));
  CHECK(second->status == 0);
  plain.loop.advance(100ms);
  CHECK(text_of(*second) == "done after 100 ms");
}

TEST_CASE("legacy: streams of the latest revision begin with a priming event") {
  Exchange exchange(test_options());
  const auto session = exchange.open("2025-11-25");
  const auto answer = exchange.get(session);
  CHECK(answer->body == "id: 1-0\nretry: 1000\ndata: \n\n");
  CHECK(exchange.get(exchange.open("2025-06-18"))->body.empty());
}

TEST_CASE("legacy: a call goes on when its connection breaks, and its stream can be resumed") {
  Exchange exchange(test_options());
  const auto session = exchange.open();
  const auto first = exchange.call(
      session, tools_call(4, "slow", R"({"ms":100,"steps":2})", R"(,"_meta":{"progressToken":1})"));
  exchange.loop.advance(50ms);
  CHECK(event_ids(*first) == Strings{"1-0", "1-1"});
  first->disconnect();
  exchange.loop.advance(10ms);
  const auto second = exchange.get(session, {{.name = "Last-Event-ID", .value = "1-0"}});
  CHECK(event_ids(*second) == Strings{"1-1"});
  exchange.loop.advance(40ms);
  CHECK(event_ids(*second) == Strings{"1-1", "1-2", "1-3"});
  CHECK(second->finished);
  const auto third = exchange.get(session, {{.name = "Last-Event-ID", .value = "1-2"}});
  CHECK(event_ids(*third) == Strings{"1-3"});
  CHECK(third->finished);
  CHECK(exchange.get(session, {{.name = "Last-Event-ID", .value = "9-0"}})->status == 400);
}

TEST_CASE("legacy: a cancelled call gets no response") {
  Exchange exchange(test_options());
  const auto session = exchange.open("2025-06-18");
  const auto call = exchange.call(session, tools_call(4, "slow", R"({"ms":100,"steps":0})"));
  const auto cancel = exchange.call(
      session, R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":4}})");
  CHECK(cancel->status == 202);
  CHECK(call->finished);
  exchange.loop.advance(1s);
  CHECK(events(*call).empty());
  CHECK(exchange.service.metrics.cancellations == 1);
}

TEST_CASE("legacy: ask puts a question on the call's stream, and waits for its answer") {
  Exchange exchange(test_options());
  const auto session = exchange.open("2025-06-18");
  const auto call = exchange.call(session, tools_call(4, "ask", R"({"question":"Well?"})"));
  const auto text = events(*call).at(0);
  const auto question = *JsonView::parse(text);
  CHECK(question["method"].equals("elicitation/create"));
  CHECK(question["id"].integer() == 0);
  CHECK(question["params"]["message"].equals("Well?"));
  exchange.call(session, R"({"jsonrpc":"2.0","id":0,"result":{"action":"decline"}})");
  CHECK(events(*call).at(1) ==
        R"({"jsonrpc":"2.0","id":4,"result":{"content":[{"type":"text","text":)"
        R"("{\"action\":\"decline\"}"}]}})");
  CHECK(call->finished);
}

TEST_CASE("legacy: ask uses the GET stream where it is told to, and says so if there is none") {
  auto options = test_options();
  options.ask_on = AskOn::get_stream;
  Exchange exchange(options);
  const auto session = exchange.open("2025-06-18");
  const auto alone = exchange.call(session, tools_call(3, "ask"));
  CHECK(events(*alone).at(0).find("no stream") != std::string::npos);
  const auto stream = exchange.get(session);
  const auto call = exchange.call(session, tools_call(4, "ask"));
  CHECK(events(*call).empty());
  CHECK(events(*stream).size() == 1);
  exchange.call(session, R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}})");
  CHECK(events(*call).at(0).find("the client refused") != std::string::npos);
}

TEST_CASE("legacy: ask does not ask what the client has not declared") {
  Exchange exchange(test_options());
  const auto session = exchange.open("2025-11-25", "{}");
  CHECK(text_of(*exchange.call(session, tools_call(4, "ask"))) ==
        "the client has not declared elicitation");
}

TEST_CASE("legacy: batches belong to 2025-03-26 alone") {
  const std::string batch = "[" + std::string(initialized) + "," + list + "," +
                            tools_call(3, "echo", R"({"text":"hi"})") + "]";
  Exchange exchange(test_options());
  const auto answer = exchange.call(exchange.open("2025-03-26"), batch);
  CHECK(answer->status == 200);
  const auto body = *JsonView::parse(answer->body);
  REQUIRE(body.elements().size() == 2);
  CHECK(body.elements()[1].raw() == echo_hi);
  CHECK(exchange.call(exchange.open("2025-06-18"), batch)->status == 400);
  const auto notes = "[" + std::string(initialized) + "]";
  CHECK(exchange.call(exchange.open("2025-03-26"), notes)->status == 202);
}

TEST_CASE("legacy: a batch with a slow part is answered when all parts are done") {
  Exchange exchange(test_options());
  const auto batch = "[" + tools_call(1, "slow", R"({"ms":50,"steps":0})") + "," +
                     tools_call(2, "echo", R"({"text":"hi"})") + "]";
  const auto answer = exchange.call(exchange.open("2025-03-26"), batch);
  CHECK(events(*answer).empty());
  exchange.loop.advance(50ms);
  CHECK(JsonView::parse(events(*answer).at(0))->elements().size() == 2);
  CHECK(answer->finished);
}

TEST_CASE("legacy: a stateless server gives no session and offers no stream") {
  auto options = test_options();
  options.sessions = SessionMode::stateless;
  Exchange exchange(options);
  CHECK(exchange.open().empty());
  CHECK(exchange.post(tools_call(3, "echo", R"({"text":"hi"})"))->body == echo_hi);
  CHECK(exchange.send("GET", "/mcp", {{.name = "Accept", .value = "text/event-stream"}})->status ==
        405);
  CHECK(exchange.send("DELETE", "/mcp")->status == 405);
}

TEST_CASE("legacy: lists come in pages, and an invalid cursor is refused") {
  auto options = test_options();
  options.core.page_size = 3;
  Exchange exchange(options);
  const auto session = exchange.open();
  std::string cursor;
  std::size_t count = 0;
  for (int pages = 0; pages < 3; ++pages) {
    const auto params = cursor.empty() ? "{}" : R"({"cursor":)" + json_string(cursor) + "}";
    const auto answer = exchange.call(
        session, R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":)" + params + "}");
    const auto result = (*JsonView::parse(answer->body))["result"];
    count += result["tools"].elements().size();
    cursor = result["nextCursor"].string();
  }
  CHECK(count == 7);
  CHECK(cursor.empty());
  CHECK(code_of(*exchange.call(
            session,
            R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"tools@99"}})")) ==
        -32602);
}

TEST_CASE("legacy: changes are announced to open streams, updates to subscribers") {
  Exchange exchange(test_options());
  const auto session = exchange.open("2025-06-18");
  const auto stream = exchange.get(session);
  exchange.call(session, R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe",)"
                         R"("params":{"uri":"test://pixel"}})");
  exchange.router.announce_all();
  CHECK(events(*stream) ==
        Strings{R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})",
                R"({"jsonrpc":"2.0","method":"notifications/prompts/list_changed"})",
                R"({"jsonrpc":"2.0","method":"notifications/resources/list_changed"})",
                R"({"jsonrpc":"2.0","method":"notifications/resources/updated",)"
                R"("params":{"uri":"test://pixel"}})"});
}

TEST_CASE("legacy: log messages come once a level was set, for that level and above") {
  Exchange exchange(test_options());
  const auto session = exchange.open("2025-06-18");
  const auto logs = [&](std::string_view level) {
    exchange.call(session, R"({"jsonrpc":"2.0","id":1,"method":"logging/setLevel",)"
                           R"("params":{"level":")" +
                               std::string(level) + R"("}})");
    const auto call = exchange.call(session, tools_call(4, "slow", R"({"ms":10,"steps":1})"));
    exchange.loop.advance(10ms);
    return events(*call).size() - 1;
  };
  CHECK(logs("warning") == 0);
  CHECK(logs("debug") == 1);
}
