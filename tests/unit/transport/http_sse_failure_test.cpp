#include <doctest/doctest.h>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

namespace {

struct SseRig : HttpRig {
  explicit SseRig(std::optional<Duration> patience = std::nullopt)
      : HttpRig(TransportKind::http_sse, "http://127.0.0.1:8080/sse") {
    transport().open(patience ? loop.now() + *patience : TimePoint::max(),
                     [this](Result<void> outcome) { opened = outcome; });
    loop.settle();
  }
  FakeExchange& stream() { return *http.exchanges.front(); }
  void become_open() {
    stream().head(200, sse_type);
    stream().data("event: endpoint\ndata: /m?s=secret\n\n");
  }
  /// Why opening failed.
  std::string why() const {
    if (!opened || opened->has_value()) return "it did not fail";
    return "[" + std::string(to_string(opened->error().kind)) + "] " + opened->error().message;
  }
  std::optional<Result<void>> opened;
};

}  // namespace

TEST_CASE("http+sse: a server that says nothing is given up at the deadline") {
  SseRig rig(2s);
  rig.loop.advance(1999ms);
  CHECK_FALSE(rig.opened.has_value());
  rig.loop.advance(1ms);
  CHECK(rig.why() == "[timeout] no answer to GET of http://127.0.0.1:8080/sse before the deadline");
  CHECK(rig.stream().cancelled());
}

TEST_CASE("http+sse: a stream without endpoint event is given up at the deadline") {
  SseRig rig(2s);
  rig.stream().head(200, sse_type);
  rig.stream().data(": ping\n\n");
  rig.loop.advance(2s);
  CHECK(rig.why() ==
        "[timeout] no endpoint event on the stream of http://127.0.0.1:8080/sse before the "
        "deadline");
}

TEST_CASE("http+sse: the deadline of the opening does not end an open stream") {
  SseRig rig(2s);
  rig.become_open();
  rig.loop.advance(1h);
  CHECK_FALSE(rig.stream().cancelled());
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("http+sse: an answer that is no event stream is an http error") {
  SseRig rig;
  rig.stream().answer(200, {{"Content-Type", "text/html"}}, "<title>Home</title>");
  CHECK(rig.why() ==
        "[http] GET http://127.0.0.1:8080/sse: HTTP 200 with content type text/html instead of "
        "text/event-stream: an HTML page titled \"Home\"");
}

TEST_CASE("http+sse: a refused GET is told by its status") {
  SseRig rig;
  rig.stream().answer(405, {}, "Method Not Allowed");
  CHECK(rig.why() ==
        "[http] GET http://127.0.0.1:8080/sse: HTTP 405 Method Not Allowed: \"Method Not "
        "Allowed\"");
}

TEST_CASE("http+sse: 401 is of kind auth, with the challenge") {
  SseRig rig;
  rig.stream().answer(401, {{"WWW-Authenticate", "Bearer"}}, "");
  REQUIRE(rig.opened.has_value());
  CHECK(rig.opened->error().kind == ErrorKind::auth);
  CHECK(rig.opened->error().challenge == "Bearer");
}

TEST_CASE("http+sse: a connection that does not come about is told as it is") {
  SseRig rig;
  rig.stream().fail({.kind = ErrorKind::connect, .message = "connection refused"});
  CHECK(rig.why() == "[connect] connection refused");
}

TEST_CASE("http+sse: a stream that ends before the endpoint event is a protocol error") {
  SseRig rig;
  rig.stream().answer(200, sse_type, ": hello\n\n");
  CHECK(rig.why() == "[protocol] the event stream ended before its endpoint event");
}

TEST_CASE("http+sse: a token that cannot be had fails the opening, but not inside the call") {
  HttpRig rig(TransportKind::http_sse);
  rig.endpoint.token = make_fixed_token_source("", "T");
  std::optional<Result<void>> opened;
  rig.transport().open(TimePoint::max(), [&](Result<void> outcome) { opened = outcome; });
  CHECK_FALSE(opened.has_value());
  rig.loop.settle();
  REQUIRE(opened.has_value());
  CHECK(opened->error().kind == ErrorKind::usage);
}

TEST_CASE("http+sse: the end of the stream is the end of the transport") {
  SseRig rig;
  rig.become_open();
  auto& exchange = rig.call(1);
  rig.stream().finish();
  rig.loop.advance(100ms);
  CHECK(rig.seen.lines == Lines{"closed [protocol] the event stream ended"});
  CHECK(exchange.cancelled());
  rig.transport().send(request(2, "ping"));
  CHECK(rig.http.exchanges.size() == 2);
}

TEST_CASE("http+sse: a stream that breaks is told with the reason") {
  SseRig rig;
  rig.become_open();
  rig.stream().fail({.kind = ErrorKind::http, .message = "connection reset"});
  CHECK(rig.seen.lines == Lines{"closed [http] the event stream ended: connection reset"});
}

TEST_CASE("http+sse: a refused message fails its request, and does not show the session's id") {
  SseRig rig;
  rig.become_open();
  rig.call(1).answer(500, {}, "boom");
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [http] tools/list at /m: HTTP 500 Internal Server Error: \"boom\""});
}

TEST_CASE("http+sse: a refused notification is told") {
  SseRig rig;
  rig.become_open();
  rig.notify("notifications/cancelled").answer(400, {}, "no");
  CHECK(rig.seen.lines ==
        Lines{"send failed [http] notifications/cancelled at /m: HTTP 400 Bad Request: \"no\""});
}

TEST_CASE("http+sse: 404 to the first message is a wrong endpoint, not a lost session") {
  SseRig rig;
  rig.become_open();
  rig.call(0, "initialize").answer(404, {{"Content-Type", "text/html"}}, "<title>404</title>");
  CHECK(rig.seen.error.kind == ErrorKind::http);
  CHECK(rig.seen.error.hint ==
        "the endpoint event named this path: does a proxy in between take a prefix away?");
}

TEST_CASE("http+sse: later refusals that speak of the session mean that it is lost") {
  const std::pair<int, const char*> answers[] = {
      {404, "Could not find session"},
      {404, "<html>Session not found</html>"},
      {400, "No active transport"},
      {503, "No active SSE connection for session 7"},
  };
  for (const auto& [status, body] : answers) {
    CAPTURE(body);
    SseRig rig;
    rig.become_open();
    rig.transport().set_revision(Revision::v2025_11_25);
    rig.call(1).answer(status, {}, body);
    CHECK(rig.seen.error.kind == ErrorKind::session_lost);
  }
}

TEST_CASE("http+sse: a POST that is not answered fails its request") {
  SseRig rig;
  rig.become_open();
  rig.call(1).fail({.kind = ErrorKind::timeout, .message = "no answer"});
  CHECK(rig.seen.lines == Lines{"failed 1 [timeout] no answer"});
}

TEST_CASE("http+sse: a malformed message with an id fails that request only") {
  SseRig rig;
  rig.become_open();
  rig.stream().data(event(R"({"jsonrpc":"2.0","id":1})"));
  CHECK(rig.seen.lines == Lines{"failed 1 [protocol] event stream: not a JSON-RPC message: "
                                "\"{\"jsonrpc\":\"2.0\",\"id\":1}\""});
  CHECK_FALSE(rig.stream().cancelled());
}

TEST_CASE("http+sse: a malformed message without an id ends the transport") {
  SseRig rig;
  rig.become_open();
  rig.stream().data(event(R"({"jsonrpc":"2.0","id":1,"resu)"));
  REQUIRE(rig.seen.lines.size() == 1);
  CHECK(rig.seen.lines[0].starts_with("closed [protocol] event stream: "));
  CHECK(rig.stream().cancelled());
}

TEST_CASE("http+sse: comments without end are a limit error") {
  HttpRig rig(TransportKind::http_sse);
  rig.endpoint.limits.keepalives_in_row = 10;
  std::optional<Result<void>> opened;
  rig.transport().open(TimePoint::max(), [&](Result<void> outcome) { opened = outcome; });
  rig.http.last().head(200, sse_type);
  for (int i = 0; i <= 10; ++i) rig.http.last().data(": still here\n\n");
  REQUIRE(opened.has_value());
  CHECK(opened->error().kind == ErrorKind::limit);
}

TEST_CASE("http+sse: a stream that ends before the refusal of a POST leaves it the word") {
  SseRig rig;
  rig.become_open();
  rig.transport().set_revision(Revision::v2024_11_05);
  auto& post = rig.call(1);
  rig.stream().finish();
  rig.loop.settle();
  CHECK(rig.seen.lines.empty());
  post.answer(404, {}, "Session not found");
  rig.loop.settle();
  REQUIRE(rig.seen.lines.size() == 1);
  CHECK(rig.seen.lines[0].find("[session-lost]") != std::string::npos);
  rig.loop.advance(100ms);
  REQUIRE(rig.seen.lines.size() == 2);
  CHECK(rig.seen.lines[1].find("the event stream ended") != std::string::npos);
}
