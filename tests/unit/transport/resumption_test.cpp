#include <doctest/doctest.h>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

namespace {

/// A legacy rig with a session, and a request whose stream ended after the event id "e1".
struct BrokenStream : HttpRig {
  explicit BrokenStream(const std::string& priming = "id: e1\ndata: \n\n",
                        Duration patience = 60s) {
    shake_hands();
    auto& exchange = call(1, "tools/call", loop.now() + patience);
    exchange.head(200, sse_type);
    exchange.data(priming);
    exchange.finish();
  }
};

}  // namespace

TEST_CASE("resumption: a stream that ended early is taken up again by GET after a second") {
  BrokenStream rig;
  rig.loop.advance(999ms);
  CHECK(rig.http.exchanges.size() == 3);
  rig.loop.advance(1ms);
  REQUIRE(rig.http.exchanges.size() == 4);
  const auto& resumed = rig.http.last();
  CHECK(resumed.request().method == "GET");
  CHECK(resumed.request().headers == HeaderList{{"Accept", "text/event-stream"},
                                                {"Mcp-Session-Id", "s-1"},
                                                {"MCP-Protocol-Version", "2025-11-25"},
                                                {"Last-Event-ID", "e1"}});
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("resumption: the response on the resumed stream is the response") {
  BrokenStream rig;
  rig.loop.advance(1s);
  rig.http.last().head(200, sse_type);
  rig.http.last().data(event(result_text(1), "e2"));
  CHECK(rig.seen.lines == Lines{result_line(1)});
  rig.http.last().finish();
  rig.loop.advance(60s);
  CHECK(rig.http.exchanges.size() == 4);  // no further GET
}

TEST_CASE("resumption: the retry time that the server asked for is kept") {
  BrokenStream rig("id: e1\nretry: 500\ndata: \n\n");
  rig.loop.advance(499ms);
  CHECK(rig.http.exchanges.size() == 3);
  rig.loop.advance(1ms);
  CHECK(rig.http.exchanges.size() == 4);
}

TEST_CASE("resumption: the deadline of the request holds for the resumed stream") {
  BrokenStream rig;
  const auto deadline = rig.loop.now() + 60s;
  rig.loop.advance(1s);
  CHECK(rig.http.last().request().deadline == deadline);
}

TEST_CASE("resumption: a retry time beyond the deadline is a time out at once") {
  BrokenStream rig("id: e1\nretry: 90000\ndata: \n\n");
  CHECK(
      rig.seen.lines ==
      Lines{"failed 1 [timeout] tools/call: the event stream ended before the response; it can be "
            "resumed in 1m 30s, which is after the deadline"});
}

TEST_CASE("resumption: a stream without event ids cannot be taken up again") {
  BrokenStream rig(": hello\n\n");
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [protocol] tools/call: the event stream ended before the response"});
  rig.loop.advance(5s);
  CHECK(rig.http.exchanges.size() == 3);
}

TEST_CASE("resumption: a stream that was cut off in an event, without ids, is a protocol error") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data("data: {\"jsonrpc\":\"2.0\",\"id\":1,");
  exchange.fail({.kind = ErrorKind::http, .message = "connection reset"});
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [protocol] tools/list: the event stream ended before the response: "
              "connection reset"});
}

TEST_CASE("resumption: modern streams are not resumable, even with event ids") {
  HttpRig rig;
  rig.transport().set_revision(Revision::v2026_07_28);
  auto& exchange = rig.send(modern_request(1, "tools/call"));
  exchange.head(200, sse_type);
  exchange.data("id: e1\ndata: \n\n");
  exchange.finish();
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [protocol] tools/call: the event stream ended before the response"});
}

TEST_CASE("resumption: a stream that ends after a response to another id is not resumed") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data(event(result_text(99), "e2"));
  exchange.finish();
  CHECK(rig.seen.lines ==
        Lines{result_line(99),
              "failed 1 [protocol] tools/list: the event stream ended before the response (id 1), "
              "only one to id 99"});
}

TEST_CASE("resumption: a connection that broke is resumed like one that was closed") {
  HttpRig rig;
  rig.shake_hands();
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data("id: e1\ndata: \n\n");
  exchange.fail({.kind = ErrorKind::http, .message = "connection reset"});
  rig.loop.advance(1s);
  CHECK(*rig.http.last().sent_header("Last-Event-ID") == "e1");
}

TEST_CASE("resumption: a deadline that was reached on the stream is told, not resumed") {
  HttpRig rig;
  rig.shake_hands();
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data("id: e1\ndata: \n\n");
  exchange.fail({.kind = ErrorKind::timeout, .message = "no byte for too long"});
  CHECK(rig.seen.lines == Lines{"failed 1 [timeout] no byte for too long"});
}

TEST_CASE("resumption: a server that refuses connections for a while is asked again") {
  BrokenStream rig;
  rig.loop.advance(1s);
  rig.http.last().fail({.kind = ErrorKind::connect, .message = "connection refused"});
  rig.loop.advance(1s);
  REQUIRE(rig.http.exchanges.size() == 5);
  rig.http.last().head(200, sse_type);
  rig.http.last().data(event(result_text(1)));
  CHECK(rig.seen.lines == Lines{result_line(1)});
}

TEST_CASE("resumption: connections in a row that bring nothing are given up at the limit") {
  BrokenStream rig;
  for (int i = 0; i < 10; ++i) {
    rig.loop.advance(1s);
    REQUIRE(rig.http.exchanges.size() == 4U + static_cast<std::size_t>(i));
    rig.http.last().answer(200, sse_type, ": nothing\n\n");
  }
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [limit] tools/call: the event stream ended before the response, and 10 "
              "resumptions in a row brought nothing"});
  rig.loop.advance(5s);
  CHECK(rig.http.exchanges.size() == 13);
}

TEST_CASE("resumption: a server that polls with new event ids is followed as long as it likes") {
  BrokenStream rig;
  for (int i = 2; i < 40; ++i) {
    rig.loop.advance(1s);
    CHECK(*rig.http.last().sent_header("Last-Event-ID") == "e" + std::to_string(i - 1));
    rig.http.last().answer(200, sse_type, "id: e" + std::to_string(i) + "\ndata:\n\n");
  }
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("resumption: a session that is gone meanwhile is told") {
  BrokenStream rig;
  rig.loop.advance(1s);
  rig.http.last().answer(404, {}, "session not found");
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [session-lost] tools/call (resumed by GET): the server no longer has the "
              "session (HTTP 404 Not Found: \"session not found\")"});
}

TEST_CASE("resumption: a server that does not take GET is told") {
  BrokenStream rig;
  rig.loop.advance(1s);
  rig.http.last().answer(405, {}, "");
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [http] tools/call (resumed by GET): HTTP 405 Method Not Allowed: an empty "
              "body"});
}

TEST_CASE("resumption: JSON in place of the resumed stream is told") {
  BrokenStream rig;
  rig.loop.advance(1s);
  rig.http.last().answer_json(200, result_text(1));
  CHECK(rig.seen.error.kind == ErrorKind::http);
  CHECK(rig.seen.error.message.contains("application/json instead of text/event-stream"));
}

TEST_CASE("resumption: a request that is abandoned while it waits is not resumed") {
  BrokenStream rig;
  rig.transport().abandon(std::int64_t{1});
  rig.loop.advance(10s);
  CHECK(rig.http.exchanges.size() == 3);
  CHECK(rig.seen.lines.empty());
}
