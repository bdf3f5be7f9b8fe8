#include <doctest/doctest.h>

#include "mcp/transport/http_failure.hpp"

using mcp::ErrorKind;
using mcp::HttpAnswer;
using mcp::HttpQuestion;

namespace {

const HttpQuestion with_session = {.what = "tools/list", .names_session = true, .in_session = true};
const HttpQuestion without_id = {.what = "tools/list", .names_session = false, .in_session = true};
const HttpQuestion no_session = {.what = "server/discover"};

HttpAnswer answer(int status, const char* type, std::string body) {
  HttpAnswer made{.head = {.status = status, .headers = {}}, .body = std::move(body)};
  if (*type != '\0') made.head.headers.push_back({"Content-Type", type});
  return made;
}

mcp::Error judged(const HttpAnswer& made, const HttpQuestion& question = with_session) {
  return mcp::classify(made, question);
}

}  // namespace

TEST_CASE("session lost: 404 with a JSON-RPC error, as the TypeScript SDK answers") {
  const auto error = judged(answer(
      404, "application/json",
      R"({"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null})"));
  CHECK(error.kind == ErrorKind::session_lost);
  CHECK(error.http_status == 404);
  CHECK(error.rpc_code == -32001);
  CHECK(error.message ==
        "tools/list: the server no longer has the session (HTTP 404 Not Found: \"Session not "
        "found\")");
  CHECK(error.hint.contains("load balancer"));
}

TEST_CASE("session lost: 404 with an id that was never sent, as the Python SDK answers") {
  const auto error = judged(answer(
      404, "application/json",
      R"({"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Session not found"}})"));
  CHECK(error.kind == ErrorKind::session_lost);
}

TEST_CASE("session lost: 404 in plain text, as the Go SDK answers") {
  const auto error = judged(answer(404, "text/plain; charset=utf-8", "session not found\n"));
  CHECK(error.kind == ErrorKind::session_lost);
  CHECK(error.message ==
        "tools/list: the server no longer has the session (HTTP 404 Not Found: \"session not "
        "found\")");
}

TEST_CASE("session lost: 404 as an HTML page") {
  const auto error =
      judged(answer(404, "text/html", "<html><title>404 Not Found</title><h1>nginx</h1></html>"));
  CHECK(error.kind == ErrorKind::session_lost);
}

TEST_CASE("session lost: 404 with an empty body") {
  CHECK(judged(answer(404, "", "")).kind == ErrorKind::session_lost);
}

TEST_CASE(
    "session lost: 400 with a JSON-RPC error that lacks its id, as server-everything answers") {
  const auto error = judged(answer(
      400, "application/json",
      R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}})"));
  CHECK(error.kind == ErrorKind::session_lost);
  CHECK(error.rpc_code == -32000);
}

TEST_CASE("session lost: 400 of a server that was started anew") {
  const char* body =
      R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not initialized"},"id":null})";
  CHECK(judged(answer(400, "application/json", body)).kind == ErrorKind::session_lost);
  CHECK(judged(answer(400, "application/json", body), without_id).kind == ErrorKind::session_lost);
}

TEST_CASE("session lost: 400 in plain text") {
  CHECK(judged(answer(400, "text/plain", "Invalid session ID")).kind == ErrorKind::session_lost);
}

TEST_CASE("session lost: 400 as an HTML page") {
  const auto error = judged(answer(400, "text/html", "<h1>Unknown or expired session</h1>"));
  CHECK(error.kind == ErrorKind::session_lost);
}

TEST_CASE("session lost: 401 without a challenge that speaks of the session") {
  const auto error = judged(answer(401, "text/plain", "Unauthorized: Session not found"));
  CHECK(error.kind == ErrorKind::session_lost);
}

TEST_CASE("session lost: 400 and 503 of HTTP+SSE proxies whose stream is gone") {
  CHECK(judged(answer(400, "text/plain", "No active transport")).kind == ErrorKind::session_lost);
  CHECK(judged(answer(503, "text/html", "No active SSE connection for session 12")).kind ==
        ErrorKind::session_lost);
}

TEST_CASE("session lost: an unknown method in a session is no sign of it") {
  const auto error = judged(
      answer(404, "application/json",
             R"({"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"Method not found"}})"));
  CHECK(error.kind == ErrorKind::rpc);
  CHECK(error.rpc_code == -32601);
}

TEST_CASE("session lost: 404 without a session id says nothing of sessions") {
  CHECK(judged(answer(404, "text/html", "Cannot POST /mcp"), no_session).kind == ErrorKind::http);
  CHECK(judged(answer(404, "text/plain", "session not found"), no_session).kind == ErrorKind::http);
}

TEST_CASE(
    "session lost: a session id that did not arrive is a fault of the way, not of the session") {
  const auto error = judged(answer(
      400, "application/json",
      R"({"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request: Missing session ID"}})"));
  CHECK(error.kind == ErrorKind::rpc);
}

TEST_CASE("session lost: 400 about something else is none") {
  CHECK(judged(answer(400, "text/plain", "Bad Request: invalid JSON")).kind == ErrorKind::http);
}

TEST_CASE("session lost: 500 is none, whatever it says") {
  CHECK(judged(answer(500, "text/plain", "session not found")).kind == ErrorKind::http);
}

TEST_CASE("session lost: an error with code 0 in an HTTP 200 answer, as the Go SDK gives") {
  const mcp::ErrorResponse response{
      .id = std::int64_t{3},
      .code = 0,
      .message = R"(method "tools/list" is invalid during session initialization)"};
  CHECK(mcp::means_session_lost(response, with_session));
  CHECK(mcp::means_session_lost(response, without_id));
  CHECK_FALSE(mcp::means_session_lost(response, no_session));

  const auto error = mcp::judge(response, with_session);
  CHECK(error.kind == ErrorKind::session_lost);
  CHECK(error.rpc_code == 0);
  CHECK(error.message ==
        R"(tools/list: the server no longer has the session (0: "method "tools/list" is invalid )"
        R"(during session initialization"))");
}

TEST_CASE("session lost: codes 0, -32000, -32001 and -32600 with the right words mean it") {
  for (const std::int64_t code : {0, -32000, -32001, -32600}) {
    CAPTURE(code);
    CHECK(mcp::means_session_lost({.id = {}, .code = code, .message = "Session not found"},
                                  with_session));
    CHECK_FALSE(mcp::means_session_lost({.id = {}, .code = code, .message = "Tool not found"},
                                        with_session));
  }
}

TEST_CASE("session lost: other codes never mean it") {
  CHECK_FALSE(mcp::means_session_lost({.id = {}, .code = -32602, .message = "Session not found"},
                                      with_session));
}
