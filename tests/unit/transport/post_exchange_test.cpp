#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

namespace {

const std::string progress =
    R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}})";

}  // namespace

TEST_CASE("streamable http: opening needs nothing of the server and is done in the next turn") {
  HttpRig rig;
  bool opened = false;
  rig.transport().open(TimePoint::max(),
                       [&](Result<void> outcome) { opened = outcome.has_value(); });
  CHECK_FALSE(opened);
  rig.loop.settle();
  CHECK(opened);
  CHECK(rig.http.exchanges.empty());
}

TEST_CASE("streamable http: a message is one POST with the fields of the protocol") {
  HttpRig rig;
  const auto deadline = rig.loop.now() + 5s;
  auto outgoing = modern_request(1, "tools/list");
  outgoing.deadline = deadline;
  const auto& sent = rig.send(std::move(outgoing)).request();
  CHECK(sent.method == "POST");
  CHECK(sent.url == "http://127.0.0.1:8080/mcp");
  CHECK(sent.body == R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  CHECK(sent.deadline == deadline);
  CHECK(sent.headers == HeaderList{{"Content-Type", "application/json"},
                                   {"Accept", "application/json, text/event-stream"},
                                   {"MCP-Protocol-Version", "2026-07-28"},
                                   {"Mcp-Method", "tools/list"}});
}

TEST_CASE("streamable http: the user's fields are sent and replace ours of the same name") {
  HttpRig rig;
  rig.endpoint.headers = {{"X-Tenant", "a"}, {"accept", "application/json"}};
  CHECK(rig.call(1).request().headers == HeaderList{{"Content-Type", "application/json"},
                                                    {"X-Tenant", "a"},
                                                    {"accept", "application/json"}});
}

TEST_CASE("streamable http: the token is asked for before each exchange") {
  class Counting final : public TokenSource {
   public:
    Result<std::string> token() override { return "t" + std::to_string(++count_); }

   private:
    int count_ = 0;
  };
  HttpRig rig;
  rig.endpoint.token = std::make_shared<Counting>();
  CHECK(*rig.call(1).sent_header("Authorization") == "Bearer t1");
  CHECK(*rig.call(2).sent_header("Authorization") == "Bearer t2");
}

TEST_CASE("streamable http: an Authorization field of the user's own stands alone") {
  HttpRig rig;
  rig.endpoint.token = make_fixed_token_source("t", "T");
  rig.endpoint.headers = {{"Authorization", "Basic eDp5"}};
  const auto& sent = rig.call(1).request().headers;
  CHECK(std::ranges::count(sent, "Authorization", &Header::name) == 1);
  CHECK(*rig.http.last().sent_header("Authorization") == "Basic eDp5");
}

TEST_CASE(
    "streamable http: a token that cannot be had fails the request, but not inside the call") {
  HttpRig rig;
  rig.endpoint.token = make_file_token_source("/nowhere/token");
  rig.transport().send(request(1, "tools/list"));
  CHECK(rig.seen.lines.empty());
  CHECK(rig.http.exchanges.empty());
  rig.loop.settle();
  CHECK(rig.seen.lines ==
        Lines{R"(failed 1 [usage] token file "/nowhere/token": No such file or directory)"});
}

TEST_CASE("streamable http: a JSON answer is the response") {
  HttpRig rig;
  rig.call(1).answer_json(200, result_text(1));
  CHECK(rig.seen.lines == Lines{result_line(1)});
  CHECK(rig.seen.timings == 1);
}

TEST_CASE("streamable http: a JSON answer may come in pieces, cut inside a character") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, json_type);
  exchange.data("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"t\":\"\xe4\xb8");
  exchange.data("\xad\"}}");
  CHECK(rig.seen.lines.empty());
  exchange.finish();
  CHECK(rig.seen.lines ==
        Lines{"message {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"t\":\"\xe4\xb8\xad\"}}"});
}

TEST_CASE("streamable http: the response on an event stream ends the exchange before the stream") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data(event(result_text(1)));
  CHECK(rig.seen.take() == Lines{result_line(1)});
  rig.loop.advance(1s);  // the server leaves the socket open
  CHECK(exchange.cancelled());
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("streamable http: a stream that ends right after its response is read to its end") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data(event(result_text(1)));
  rig.loop.advance(50ms);
  exchange.finish();
  CHECK(rig.seen.take() == Lines{result_line(1)});
  CHECK(rig.seen.timings == 1);
  CHECK_FALSE(exchange.cancelled());
  rig.loop.advance(1s);
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("streamable http: notifications and server requests before the response are handed on") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data(event(progress));
  exchange.data(event(R"({"jsonrpc":"2.0","id":0,"method":"ping"})"));
  exchange.data(event(result_text(1)));
  CHECK(rig.seen.lines == Lines{"message " + progress,
                                R"(message {"jsonrpc":"2.0","id":0,"method":"ping"})",
                                result_line(1)});
}

TEST_CASE("streamable http: priming events, comments and CRLF line ends are no messages") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, {{"Content-Type", "Text/Event-Stream; charset=utf-8"}});
  exchange.data(": ok\r\n\r\nid: e1\r\ndata: \r\n\r\n");
  exchange.data(": ping\r\n\r\nevent: message\r\ndata: " + result_text(1) + "\r");
  exchange.data("\n\r\n");
  CHECK(rig.seen.lines == Lines{result_line(1)});
}

TEST_CASE("streamable http: UTF-8 may be split across the reads of an event stream") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  const std::string text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"t\":\"\xf0\x9f\x90\xa7\"}}";
  for (const char byte : event(text)) exchange.data({&byte, 1});
  CHECK(rig.seen.lines == Lines{"message " + text});
}

TEST_CASE("streamable http: a string id is answered by a string id") {
  HttpRig rig;
  rig.send({.message = Request{.id = std::string("a"), .method = "ping", .params = {}},
            .headers = {}})
      .answer_json(200, R"({"jsonrpc":"2.0","id":"a","result":{}})");
  CHECK(rig.seen.lines == Lines{R"(message {"jsonrpc":"2.0","id":"a","result":{}})"});
}

TEST_CASE("streamable http: a JSON-RPC error with our id is a response like any other") {
  HttpRig rig;
  rig.call(1).answer_json(
      200, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})");
  CHECK(
      rig.seen.lines ==
      Lines{
          R"(message {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})"});
}

TEST_CASE("streamable http: a JSON-RPC error without id fails the request that was asked") {
  HttpRig rig;
  rig.call(1).answer_json(
      200, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}})");
  CHECK(rig.seen.lines == Lines{"failed 1 [rpc] tools/list: server answered -32700: Parse error"});
  CHECK(rig.seen.error.http_status == 200);
  CHECK(rig.seen.error.rpc_code == -32700);
}

TEST_CASE("streamable http: an answer to another id is told, and fails the request") {
  HttpRig rig;
  rig.call(1).answer_json(200, result_text(99));
  CHECK(rig.seen.lines ==
        Lines{result_line(99),
              "failed 1 [protocol] tools/list: the answer holds no response (id 1), only one to id "
              "99"});
}

TEST_CASE("streamable http: an answer that is cut off is a protocol error that quotes it") {
  HttpRig rig;
  rig.call(1).answer_json(200, R"({"jsonrpc":"2.0","id":1,"resu)");
  REQUIRE(rig.seen.lines.size() == 1);
  CHECK(rig.seen.error.kind == ErrorKind::protocol);
  CHECK(rig.seen.lines[0].starts_with("failed 1 [protocol] tools/list: "));
  CHECK(rig.seen.lines[0].contains(R"("{"jsonrpc":"2.0","id":1,"resu")"));
}

TEST_CASE("streamable http: an event that is no JSON-RPC message fails the request") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data(event(R"({"hello":1})"));
  CHECK(rig.seen.lines ==
        Lines{R"(failed 1 [protocol] tools/list: not a JSON-RPC message: "{"hello":1}")"});
  CHECK(exchange.cancelled());
}

TEST_CASE("streamable http: a JSON body without content is an answer without a response") {
  HttpRig rig;
  rig.call(1).answer_json(200, "");
  CHECK(rig.seen.lines == Lines{"failed 1 [http] tools/list: HTTP 200 without a response"});
}

TEST_CASE("streamable http: 202 to a request is an answer without a response") {
  HttpRig rig;
  rig.call(1).answer(202, {}, "");
  CHECK(rig.seen.lines == Lines{"failed 1 [http] tools/list: HTTP 202 without a response"});
}

TEST_CASE("streamable http: an HTML page with status 200 is an http error") {
  HttpRig rig;
  rig.call(1).answer(200, {{"Content-Type", "text/html"}}, "<title>Login</title>");
  CHECK(rig.seen.error.kind == ErrorKind::http);
  CHECK(rig.seen.error.message.contains("content type text/html"));
}

TEST_CASE("streamable http: a batch is taken in revision 2025-03-26") {
  HttpRig rig;
  rig.transport().set_revision(Revision::v2025_03_26);
  rig.call(1).answer_json(200, "[" + progress + "," + result_text(1) + "]");
  CHECK(rig.seen.lines == Lines{"message " + progress, result_line(1)});
}

TEST_CASE("streamable http: what follows the response in a batch is handed on as well") {
  HttpRig rig;
  rig.transport().set_revision(Revision::v2025_03_26);
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data(event("[" + result_text(1) + "," + progress + "]"));
  CHECK(rig.seen.lines == Lines{result_line(1), "message " + progress});
}

TEST_CASE("streamable http: a batch is a protocol error in every other revision") {
  HttpRig rig;
  rig.transport().set_revision(Revision::v2025_11_25);
  rig.call(1).answer_json(200, "[" + result_text(1) + "]");
  REQUIRE(rig.seen.lines.size() == 1);
  CHECK(rig.seen.lines[0].starts_with(
      "failed 1 [protocol] tools/list: an array, but only revision 2025-03-26 has batches: "));
}

TEST_CASE("streamable http: an error of the connection is told as it is") {
  HttpRig rig;
  rig.call(1).fail({.kind = ErrorKind::connect, .message = "connection refused"});
  CHECK(rig.seen.lines == Lines{"failed 1 [connect] connection refused"});
}

TEST_CASE("streamable http: a body that stalls after an error status is a time out") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(503, {});
  exchange.fail({.kind = ErrorKind::timeout, .message = "stalled"});
  CHECK(rig.seen.lines == Lines{"failed 1 [timeout] stalled"});
}

TEST_CASE("streamable http: a connection that breaks after an error status leaves the status") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(503, {});
  exchange.data("busy");
  exchange.fail({.kind = ErrorKind::http, .message = "connection reset"});
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [http] tools/list: HTTP 503 Service Unavailable: \"busy\""});
}

TEST_CASE("streamable http: a request that was abandoned is cancelled and told of no more") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  rig.transport().abandon(std::int64_t{1});
  CHECK(exchange.cancelled());
  rig.loop.settle();
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("streamable http: a request may be abandoned from inside a message of its own stream") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  rig.seen.after_message = [&](const Message&) { rig.transport().abandon(std::int64_t{1}); };
  exchange.data(event(progress) + event(progress) + event(result_text(1)));
  rig.loop.settle();
  CHECK(rig.seen.lines == Lines{"message " + progress});
}

TEST_CASE("streamable http: a response on another request's stream ends its own exchange") {
  HttpRig rig;
  auto& first = rig.call(1);
  auto& second = rig.call(2);
  first.head(200, sse_type);
  second.head(200, sse_type);
  first.data(event(result_text(2)));
  CHECK(rig.seen.lines == Lines{result_line(2)});
  CHECK(second.cancelled());
  CHECK_FALSE(first.cancelled());
}
