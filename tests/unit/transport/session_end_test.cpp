#include <doctest/doctest.h>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

namespace {

/// Closes a rig with a session, and answers the DELETE.
std::optional<Result<void>> close_with(HttpRig& rig, int status, std::string_view body = {}) {
  rig.shake_hands();
  rig.start_closing();
  rig.http.last().answer(status, {}, body);
  rig.loop.settle();
  return rig.closed;
}

}  // namespace

TEST_CASE("closing: without a session there is nothing to end") {
  HttpRig rig;
  rig.shake_hands("");
  CHECK(rig.close()->has_value());
  CHECK(rig.http.exchanges.size() == 2);
}

TEST_CASE("closing: the outcome is not told inside the call") {
  HttpRig rig;
  rig.shake_hands("");
  rig.start_closing();
  CHECK_FALSE(rig.closed.has_value());
}

TEST_CASE("closing: the session is ended by DELETE with its id, within the deadline") {
  HttpRig rig;
  rig.shake_hands();
  const auto deadline = rig.loop.now() + 2s;
  rig.start_closing(deadline);
  const auto& sent = rig.http.last().request();
  CHECK(sent.method == "DELETE");
  CHECK(sent.deadline == deadline);
  CHECK(sent.headers ==
        HeaderList{{"Mcp-Session-Id", "s-1"}, {"MCP-Protocol-Version", "2025-11-25"}});
  CHECK_FALSE(rig.closed.has_value());
}

TEST_CASE("closing: 200, 202, 204, 404 and 405 are in order") {
  for (const int status : {200, 202, 204, 404, 405}) {
    CAPTURE(status);
    HttpRig rig;
    CHECK(close_with(rig, status, "whatever")->has_value());
  }
}

TEST_CASE("closing: a session that the server has lost need not be ended") {
  HttpRig rig;
  CHECK(close_with(rig, 400,
                   R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"No valid session ID"}})")
            ->has_value());
}

TEST_CASE("closing: a DELETE that fails is told") {
  HttpRig rig;
  const auto outcome = close_with(rig, 500, "boom");
  REQUIRE(outcome.has_value());
  REQUIRE_FALSE(outcome->has_value());
  CHECK(outcome->error().kind == ErrorKind::http);
  CHECK(outcome->error().message ==
        "the session was not ended: DELETE: HTTP 500 Internal Server Error: \"boom\"");
}

TEST_CASE("closing: a DELETE that is not answered ends at the deadline") {
  HttpRig rig;
  rig.shake_hands();
  rig.start_closing(rig.loop.now() + 1s);
  rig.http.last().fail({.kind = ErrorKind::timeout, .message = "no answer"});
  rig.loop.settle();
  REQUIRE(rig.closed.has_value());
  CHECK(rig.closed->error().kind == ErrorKind::timeout);
  CHECK(rig.closed->error().message == "the session was not ended: no answer");
}

TEST_CASE("closing: the body of a good answer to DELETE is not waited for") {
  HttpRig rig;
  rig.shake_hands();
  rig.start_closing();
  rig.http.last().head(200, {});
  rig.loop.settle();
  CHECK(rig.closed->has_value());
  CHECK(rig.http.open() == 0);
}

TEST_CASE("closing: running exchanges and the GET stream are ended, and nothing more is told") {
  HttpRig rig;
  rig.shake_hands();
  auto& call = rig.call(1);
  call.head(200, sse_type);
  rig.transport().open_stream();
  auto& stream = rig.http.last();
  stream.head(200, sse_type);
  rig.seen.take();
  rig.start_closing();
  CHECK(call.cancelled());
  CHECK(stream.cancelled());
  rig.http.last().answer(200, {}, "");
  rig.loop.settle();
  CHECK(rig.seen.lines.empty());
  CHECK(rig.http.open() == 0);
}

TEST_CASE("closing: requests that wait to be resumed are ended") {
  HttpRig rig;
  rig.shake_hands();
  rig.call(1).answer(200, sse_type, "id: e1\ndata:\n\n");
  rig.start_closing();
  rig.http.last().answer(200, {}, "");
  rig.loop.advance(60s);
  CHECK(rig.http.exchanges.size() == 4);
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("closing: what is sent afterwards goes nowhere") {
  HttpRig rig;
  rig.shake_hands("");
  rig.close();
  rig.transport().send(request(1, "ping"));
  CHECK(rig.http.exchanges.size() == 2);
}

TEST_CASE("closing: a session whose id is still on its way is waited for and ended") {
  HttpRig rig;
  auto& initialize = rig.call(0, "initialize");
  rig.start_closing(rig.loop.now() + 2s);
  CHECK_FALSE(initialize.cancelled());
  initialize.head(200, {{"Content-Type", "application/json"}, {"Mcp-Session-Id", "s-9"}});
  CHECK(initialize.cancelled());
  REQUIRE(rig.http.exchanges.size() == 2);
  CHECK(rig.http.last().request().method == "DELETE");
  CHECK(*rig.http.last().sent_header("Mcp-Session-Id") == "s-9");
  rig.http.last().answer(200, {}, "");
  rig.loop.settle();
  CHECK(rig.closed->has_value());
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("closing: an initialize that is never answered is waited for to the deadline only") {
  HttpRig rig;
  auto& initialize = rig.call(0, "initialize");
  rig.start_closing(rig.loop.now() + 2s);
  rig.loop.advance(1999ms);
  CHECK_FALSE(rig.closed.has_value());
  rig.loop.advance(1ms);
  CHECK(initialize.cancelled());
  CHECK(rig.closed->has_value());
}

TEST_CASE("closing: a session that a second initialize has replaced is ended, too") {
  HttpRig rig;
  rig.shake_hands("s-1");
  rig.shake_hands("s-2");
  rig.start_closing();
  CHECK(*rig.http.last().sent_header("Mcp-Session-Id") == "s-2");
  rig.http.last().answer(200, {}, "");
  CHECK(*rig.http.last().sent_header("Mcp-Session-Id") == "s-1");
  rig.http.last().answer(200, {}, "");
  rig.loop.settle();
  CHECK(rig.closed->has_value());
}
