#include <doctest/doctest.h>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

namespace {

const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
const std::string elicit = R"({"jsonrpc":"2.0","id":0,"method":"elicitation/create"})";

/// A legacy rig with a session, whose GET stream was asked for.
struct Listening : HttpRig {
  Listening() {
    shake_hands();
    transport().open_stream();
  }
  FakeExchange& get() { return http.last(); }
};

}  // namespace

TEST_CASE("listen stream: it is a GET with the session's id, and without a deadline") {
  Listening rig;
  CHECK(rig.get().request().method == "GET");
  CHECK(rig.get().request().deadline == TimePoint::max());
  CHECK(rig.get().request().headers == HeaderList{{"Accept", "text/event-stream"},
                                                  {"Mcp-Session-Id", "s-1"},
                                                  {"MCP-Protocol-Version", "2025-11-25"}});
}

TEST_CASE("listen stream: revisions before 2025-06-18 have no field for the revision") {
  HttpRig rig;
  rig.shake_hands("s-1", Revision::v2025_03_26);
  rig.transport().open_stream();
  CHECK(rig.http.last().sent_header("MCP-Protocol-Version") == nullptr);
}

TEST_CASE("listen stream: that the server has accepted it is told once") {
  Listening rig;
  rig.get().head(200, sse_type);
  CHECK(rig.seen.take() == Lines{"stream opened"});
  rig.get().finish();
  rig.loop.advance(1s);
  rig.get().head(200, sse_type);
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("listen stream: an elicitation that comes only here is handed on") {
  Listening rig;
  auto& call = rig.call(1, "tools/call");
  rig.http.exchanges[2]->head(200, sse_type);
  rig.seen.take();
  rig.http.exchanges[2]->data(event(elicit));
  CHECK(rig.seen.take() == Lines{"message " + elicit});
  call.answer_json(200, result_text(1));
  CHECK(rig.seen.lines == Lines{result_line(1)});
}

TEST_CASE("listen stream: a response that comes here ends the request's own exchange") {
  Listening rig;
  auto& call = rig.call(1, "tools/call");
  call.head(200, sse_type);
  rig.http.exchanges[2]->head(200, sse_type);
  rig.seen.take();
  rig.http.exchanges[2]->data(event(result_text(1)));
  CHECK(rig.seen.lines == Lines{result_line(1)});
  CHECK(call.cancelled());
}

TEST_CASE("listen stream: 405 is the normal answer of a server that has none") {
  Listening rig;
  rig.get().answer(405, {}, "Method Not Allowed");
  CHECK(
      rig.seen.lines ==
      Lines{"stream ended [http] GET stream: HTTP 405 Method Not Allowed: \"Method Not Allowed\""});
  CHECK(rig.seen.error.http_status == 405);
  rig.loop.advance(60s);
  CHECK(rig.http.exchanges.size() == 3);
}

TEST_CASE("listen stream: 404 to the first GET is a missing route, not a lost session") {
  Listening rig;
  rig.get().answer(404, {{"Content-Type", "text/html"}}, "<pre>Cannot GET /mcp</pre>");
  CHECK(rig.seen.error.kind == ErrorKind::http);
  CHECK(rig.seen.error.http_status == 404);
}

TEST_CASE("listen stream: 404 after a stream was there means that the session is lost") {
  Listening rig;
  rig.get().head(200, sse_type);
  rig.get().finish();
  rig.loop.advance(1s);
  rig.seen.take();
  rig.get().answer(404, {}, "");
  CHECK(rig.seen.lines ==
        Lines{"stream ended [session-lost] GET stream: the server no longer has the session (HTTP "
              "404 Not Found: an empty body)"});
}

TEST_CASE("listen stream: it is taken up again where it ended, after the time the server wants") {
  Listening rig;
  rig.get().head(200, sse_type);
  rig.get().data("retry: 3000\n" + event(changed, "g7"));
  rig.get().finish();
  rig.loop.advance(2999ms);
  CHECK(rig.http.exchanges.size() == 3);
  rig.loop.advance(1ms);
  REQUIRE(rig.http.exchanges.size() == 4);
  CHECK(*rig.get().sent_header("Last-Event-ID") == "g7");
  CHECK(rig.seen.lines == Lines{"stream opened", "message " + changed});
}

TEST_CASE("listen stream: without event ids it is opened anew") {
  Listening rig;
  rig.get().head(200, sse_type);
  rig.get().finish();
  rig.loop.advance(1s);
  REQUIRE(rig.http.exchanges.size() == 4);
  CHECK(rig.get().sent_header("Last-Event-ID") == nullptr);
}

TEST_CASE("listen stream: retry 0 does not become a loop without rest") {
  Listening rig;
  rig.get().head(200, sse_type);
  rig.get().data("retry: 0\n\n");
  rig.get().finish();
  rig.loop.advance(99ms);
  CHECK(rig.http.exchanges.size() == 3);
  rig.loop.advance(1ms);
  CHECK(rig.http.exchanges.size() == 4);
}

TEST_CASE("listen stream: connections in a row that bring nothing end it") {
  Listening rig;
  rig.get().head(200, sse_type);
  rig.get().finish();
  for (int i = 0; i < 10; ++i) {
    rig.loop.advance(1s);
    rig.get().fail({.kind = ErrorKind::connect, .message = "connection refused"});
  }
  CHECK(rig.seen.lines ==
        Lines{"stream opened",
              "stream ended [connect] GET stream: it ended, and 10 resumptions in a row brought "
              "nothing: connection refused"});
}

TEST_CASE("listen stream: connections that stood for a while do not count against it") {
  Listening rig;
  for (int i = 0; i < 30; ++i) {
    rig.get().head(200, sse_type);
    rig.loop.advance(60s);
    rig.get().finish();
    rig.loop.advance(1s);
  }
  CHECK(rig.seen.lines == Lines{"stream opened"});
  CHECK(rig.http.open() == 1);
}

TEST_CASE("listen stream: bytes that are no message end it") {
  Listening rig;
  rig.get().head(200, sse_type);
  rig.get().data(event("{}"));
  CHECK(rig.seen.lines ==
        Lines{"stream opened",
              R"(stream ended [protocol] GET stream: not a JSON-RPC message: "{}")"});
  CHECK(rig.get().cancelled());
}

TEST_CASE("listen stream: a connection that never comes about ends it") {
  Listening rig;
  rig.get().fail({.kind = ErrorKind::connect, .message = "connection refused"});
  CHECK(rig.seen.lines == Lines{"stream ended [connect] connection refused"});
}

TEST_CASE("listen stream: asking for it twice opens one") {
  Listening rig;
  rig.transport().open_stream();
  CHECK(rig.http.exchanges.size() == 3);
}

TEST_CASE("listen stream: it may be asked for again after it has ended") {
  Listening rig;
  rig.get().answer(503, {}, "");
  rig.transport().open_stream();
  CHECK(rig.http.exchanges.size() == 4);
}

TEST_CASE("listen stream: the modern era has none") {
  HttpRig rig;
  rig.transport().set_revision(Revision::v2026_07_28);
  rig.transport().open_stream();
  CHECK(rig.http.exchanges.empty());
}

TEST_CASE("listen stream: comments are told as keep-alives") {
  Listening rig;
  rig.get().head(200, sse_type);
  rig.seen.take();
  rig.get().data(": ping\n\n");
  rig.get().data(event(changed));
  CHECK(rig.seen.keep_alives == 1);
  CHECK(rig.seen.lines == Lines{"message " + changed});
}

TEST_CASE("listen stream: without resumptions its first end is told") {
  HttpRig rig;
  rig.endpoint.limits.max_listen_resumptions = 0;
  rig.shake_hands();
  rig.transport().open_stream();
  rig.http.last().head(200, sse_type);
  rig.seen.take();
  rig.http.last().finish();
  CHECK(rig.seen.take() == Lines{"stream ended [protocol] GET stream: it ended, and 0 resumptions "
                                 "in a row brought nothing"});
  rig.loop.advance(60s);
  CHECK(rig.http.exchanges.size() == 3);
}
