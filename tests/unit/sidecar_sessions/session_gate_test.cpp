#include <doctest/doctest.h>

#include "tests/unit/sidecar_sessions/passing.hpp"

using namespace probes::sidecar;
using namespace std::chrono_literals;

TEST_CASE("session gate: a session is active from its first request until it was idle for long") {
  Passing passing({.idle = 60s});
  passing.initialize("a");
  CHECK(passing.active() == 0);
  passing.call("a", 202);  // notifications/initialized
  CHECK(passing.active() == 0);
  passing.call("a");
  CHECK(passing.active() == 1);
  passing.loop.advance(60s);
  CHECK(passing.active() == 1);
  passing.loop.advance(1s);
  CHECK(passing.active() == 0);
  passing.call("a");
  CHECK(passing.active() == 1);
}

TEST_CASE("session gate: an open stream or a request under way keeps a session active") {
  Passing passing({.idle = 60s});
  passing.initialize("a");
  const auto stream =
      passing.ask("GET", {{"mcp-session-id", "a"}, {"Accept", "text/event-stream"}});
  passing.answer(stream, 200, event_stream);
  const auto call = passing.ask("POST", {{"Mcp-Session-Id", "b"}});
  passing.loop.advance(1h);
  CHECK(passing.active() == 2);
  passing.end(stream);
  CHECK(passing.active() == 1);  // a stream is no request
  passing.answer(call, 200);
  passing.end(call);
  CHECK(passing.active() == 1);
  passing.loop.advance(61s);
  CHECK(passing.active() == 0);
}

TEST_CASE("session gate: a session ends with its DELETE, or when the server does not know it") {
  Passing passing;
  for (const auto* session : {"a", "b", "c", "d"}) passing.call(session);
  CHECK(passing.active() == 4);
  passing.exchange("DELETE", {{"Mcp-Session-Id", "a"}}, 200);
  CHECK(passing.active() == 3);
  passing.exchange("DELETE", {{"Mcp-Session-Id", "b"}}, 404);
  CHECK(passing.active() == 2);
  passing.exchange("DELETE", {{"Mcp-Session-Id", "c"}}, 405);
  CHECK(passing.active() == 2);
  passing.call("d", 404);
  CHECK(passing.active() == 1);
}

TEST_CASE("session gate: an id that the server never took is no session") {
  Passing passing;
  passing.call("made-up", 400);
  passing.call("made-up", 404);
  passing.call("other", 401);
  CHECK(passing.active() == 0);
  passing.call("real");
  passing.call("real", 400);
  CHECK(passing.active() == 1);
}

TEST_CASE("session gate: an HTTP+SSE stream is a session of its own, its messages are none") {
  Passing passing;
  const auto stream = passing.ask("GET", wants_stream, {}, "/sse");
  CHECK(passing.active() == 0);
  passing.answer(stream, 200, event_stream);
  CHECK(passing.active() == 1);
  const auto message = passing.ask("POST", {}, R"({"jsonrpc":"2.0","id":1,"method":"ping"})",
                                   "/messages?sessionId=x");
  CHECK(passing.active() == 1);
  passing.end(message);
  passing.end(stream);
  CHECK(passing.active() == 0);
  passing.exchange("GET", wants_stream, 405);
  CHECK(passing.active() == 0);
}

TEST_CASE("session gate: a modern listen stream is a session while it is open") {
  Passing passing;
  const Fields listens = {{"Mcp-Method", "subscriptions/listen"}};
  const auto stream = passing.ask("POST", listens, "{}");
  CHECK_FALSE(passing.body_was_seen);
  CHECK(passing.active() == 0);
  passing.answer(stream, 200, event_stream);
  CHECK(passing.active() == 1);
  passing.end(stream);
  CHECK(passing.active() == 0);
}

TEST_CASE("session gate: a request without session counts while it is under way") {
  Passing passing;
  const auto call = passing.ask("POST", {{"Mcp-Method", "tools/call"}});
  const auto legacy = passing.ask("POST", {}, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
  const auto notice = passing.ask("POST", {}, R"({"jsonrpc":"2.0","method":"notifications/x"})");
  const auto discover = passing.ask("POST", {{"Mcp-Method", "server/discover"}});
  const auto page = passing.ask("GET", {{"Accept", "text/html"}}, {}, "/");
  CHECK(passing.active() == 2);
  for (const auto id : {call, legacy, notice, discover, page}) passing.end(id);
  CHECK(passing.active() == 0);
}

TEST_CASE("session gate: a tunnel counts, as nothing in it can be seen") {
  Passing passing;
  const auto tunnel = passing.ask("GET", {{"Upgrade", "websocket"}}, {}, "/");
  passing.answer(tunnel, 101);
  CHECK(passing.active() == 1);
  passing.end(tunnel);
  CHECK(passing.active() == 0);
}

TEST_CASE("session gate: only what its headers do not tell is read") {
  Passing passing;
  passing.ask("POST", {}, initialize_body);
  CHECK(passing.body_was_seen);
  passing.ask("POST", {{"MCP-SESSION-ID", "a"}});
  CHECK_FALSE(passing.body_was_seen);
  passing.ask("POST", {{"Mcp-Method", "tools/list"}});
  CHECK_FALSE(passing.body_was_seen);
  passing.ask("GET", wants_stream);
  CHECK_FALSE(passing.body_was_seen);
}
