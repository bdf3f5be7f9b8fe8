#include "mcp/transport/http_failure.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using mcp::Error;
using mcp::ErrorKind;
using mcp::HeaderList;
using mcp::HttpAnswer;

namespace {

Error judged(int status, HeaderList fields, std::string body, bool credential_sent = false) {
  const HttpAnswer answer{.head = {.status = status, .headers = std::move(fields)},
                          .body = std::move(body)};
  return mcp::classify(answer, {.what = "initialize", .credential_sent = credential_sent});
}

const HeaderList json = {{"content-type", "application/json; charset=utf-8"}};
const HeaderList html = {{"Content-Type", "text/html"}};
const HeaderList plain = {{"Content-Type", "text/plain"}};

}  // namespace

TEST_CASE("http failure: 404 with -32601 is an unknown method of a modern server") {
  const auto error = judged(404, json,
                            R"({"jsonrpc":"2.0","id":4,"error":{"code":-32601,"message":"Method )"
                            R"(not found","data":"bogus/method"}})");
  CHECK(error.kind == ErrorKind::rpc);
  CHECK(error.rpc_code == -32601);
  CHECK(error.http_status == 404);
  CHECK(error.message ==
        "initialize: server answered -32601: Method not found (HTTP 404 Not Found)");
  REQUIRE(error.rpc_data.has_value());
  CHECK(**error.rpc_data == "bogus/method");
}

TEST_CASE("http failure: 400 with one of the modern codes keeps code and data") {
  for (const std::int64_t code : {-32020, -32021, -32022}) {
    CAPTURE(code);
    const auto error = judged(400, json,
                              R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + std::to_string(code) +
                                  R"(,"message":"no","data":{"supported":["2026-07-28"]}}})");
    CHECK(error.kind == ErrorKind::rpc);
    CHECK(error.rpc_code == code);
    CHECK(error.http_status == 400);
    REQUIRE(error.rpc_data.has_value());
    CHECK(**error.rpc_data == nlohmann::json{{"supported", {"2026-07-28"}}});
  }
}

TEST_CASE("http failure: a JSON-RPC error counts whatever id it carries") {
  for (const char* id : {R"("id":null,)", R"("id":"server-error",)", "", R"("id":99,)"}) {
    CAPTURE(id);
    const auto error = judged(400, json,
                              std::string(R"({"jsonrpc":"2.0",)") + id +
                                  R"("error":{"code":-32600,"message":"Missing session ID"}})");
    CHECK(error.kind == ErrorKind::rpc);
    CHECK(error.rpc_code == -32600);
  }
}

TEST_CASE("http failure: a JSON-RPC error counts whatever content type it has") {
  const auto error = judged(
      405, {}, R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Method not allowed."}})");
  CHECK(error.kind == ErrorKind::rpc);
  CHECK(error.http_status == 405);
}

TEST_CASE("http failure: JSON that is no JSON-RPC error is quoted") {
  const auto error = judged(400, json, R"({"detail":"bad"})");
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.message == R"(initialize: HTTP 400 Bad Request: "{"detail":"bad"}")");
}

TEST_CASE("http failure: 401 with a valid challenge is said to be one, and the challenge is kept") {
  const std::string field =
      R"(Bearer error="invalid_token", resource_metadata="https://x.example/.well-known/p")";
  const auto error = judged(401, {{"WWW-Authenticate", field}}, "");
  CHECK(error.kind == ErrorKind::auth);
  CHECK(error.challenge == field);
  CHECK(
      error.message ==
      R"(initialize: HTTP 401 Unauthorized, with a valid Bearer challenge, error "invalid_token", )"
      R"(resource_metadata "https://x.example/.well-known/p")");
  CHECK(error.hint == "give a bearer token with --token-file FILE or --token-env NAME");
}

TEST_CASE("http failure: 401 with an invalid challenge says so") {
  const auto error = judged(401, {{"WWW-Authenticate", "Bearer realm=\"open"}}, "");
  CHECK(error.kind == ErrorKind::auth);
  CHECK(
      error.message ==
      R"(initialize: HTTP 401 Unauthorized, with no valid Bearer challenge: "Bearer realm="open")");
}

TEST_CASE("http failure: 401 without a challenge says so and quotes the body") {
  const auto error = judged(401, plain, "no token");
  CHECK(error.message ==
        R"(initialize: HTTP 401 Unauthorized, without a WWW-Authenticate field: "no token")");
}

TEST_CASE("http failure: several challenge fields are read as one") {
  const auto error = judged(
      401, {{"WWW-Authenticate", "Basic realm=\"a\""}, {"www-authenticate", "Bearer scope=b"}}, "");
  CHECK(error.challenge == "Basic realm=\"a\", Bearer scope=b");
  CHECK(error.message.contains("with a valid Bearer challenge, scope \"b\""));
}

TEST_CASE("http failure: 401 with a JSON-RPC error is of kind auth and keeps the code") {
  const auto error =
      judged(401, json, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"no"}})");
  CHECK(error.kind == ErrorKind::auth);
  CHECK(error.rpc_code == -32001);
}

TEST_CASE("http failure: a refused credential gets another hint than a missing one") {
  const auto error = judged(401, {{"WWW-Authenticate", "Bearer"}}, "", true);
  CHECK(error.hint == "the credential was refused: is it expired, or meant for another server?");
}

TEST_CASE("http failure: 403 with insufficient scope names the scope") {
  const auto error = judged(
      403, {{"WWW-Authenticate", R"(Bearer error="insufficient_scope", scope="files:write")"}}, "",
      true);
  CHECK(error.kind == ErrorKind::auth);
  CHECK(
      error.message ==
      R"(initialize: HTTP 403 Forbidden, with a valid Bearer challenge, error "insufficient_scope", )"
      R"(scope "files:write")");
  CHECK(error.hint == "the credential is known, but may not do this");
}

TEST_CASE("http failure: 403 without a challenge suggests no token") {
  const auto error = judged(403, plain, "Invalid Host header");
  CHECK(error.kind == ErrorKind::auth);
  CHECK(error.hint.empty());
  CHECK(
      error.message ==
      R"(initialize: HTTP 403 Forbidden, without a WWW-Authenticate field: "Invalid Host header")");
}

TEST_CASE("http failure: 503 with Retry-After keeps the seconds and says them") {
  auto fields = plain;
  fields.push_back({"Retry-After", "30"});
  const auto error = judged(503, fields, "overloaded");
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.http_status == 503);
  CHECK(error.retry_after_seconds == 30);
  CHECK(error.message == "initialize: HTTP 503 Service Unavailable: \"overloaded\"");
  CHECK(error.hint == "the server asks to be left alone for 30 s (Retry-After)");
}

TEST_CASE("http failure: 429 with a date in Retry-After keeps the seconds until then") {
  const auto error = judged(
      429,
      {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}},
      "");
  CHECK(error.retry_after_seconds == 60);
  CHECK(error.message == "initialize: HTTP 429 Too Many Requests: an empty body");
}

TEST_CASE("http failure: 406 and 415 hint at the field that the server refused") {
  CHECK(judged(406, plain, "no").hint == "did a proxy or --header change the Accept field?");
  CHECK(judged(415, plain, "no").hint == "did a proxy or --header change Content-Type?");
}

TEST_CASE("http failure: a redirect names its target and the way to follow it") {
  const auto error = judged(308, {{"Location", "https://x.example/mcp/"}}, "");
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.message == R"(initialize: HTTP 308 Permanent Redirect, to "https://x.example/mcp/")");
  CHECK(error.hint == "use the new URL, or allow the way there with --follow-redirects");
}

TEST_CASE("http failure: of an HTML page its title is told") {
  const auto error = judged(
      502, html, "<!doctype html>\n<HTML><head><Title class=x> 502 Bad\nGateway </title>...");
  CHECK(error.message ==
        R"(initialize: HTTP 502 Bad Gateway: an HTML page titled "502 Bad\nGateway")");
}

TEST_CASE("http failure: of an HTML page without a title a short start is quoted") {
  const auto error = judged(500, html, "<pre>" + std::string(1000, 'x') + "</pre>");
  CHECK(error.message.starts_with(
      "initialize: HTTP 500 Internal Server Error: an HTML page: \"<pre>xxx"));
  CHECK(error.message.size() < 250);
}

TEST_CASE("http failure: HTTP 200 with an HTML page names the content type") {
  const auto error = judged(200, html, "<title>Welcome to nginx!</title>");
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.http_status == 200);
  CHECK(error.message ==
        "initialize: HTTP 200 with content type text/html instead of application/json or "
        R"(text/event-stream: an HTML page titled "Welcome to nginx!")");
  CHECK(error.hint == "is this the server's MCP path (often /mcp or /sse)?");
}

TEST_CASE("http failure: HTTP 200 without a content type says so") {
  CHECK(judged(200, {}, "hello").message ==
        "initialize: HTTP 200 with no content type instead of application/json or "
        R"(text/event-stream: "hello")");
}

TEST_CASE("http failure: HTTP 202 to a request is an answer without a response") {
  CHECK(judged(202, {}, "").message == "initialize: HTTP 202 without a response");
}

TEST_CASE("http failure: what the server said is made safe to print") {
  const auto error = judged(500, plain, "\x1b[31mred\x1b[0m \xe2\x80\xae");
  CHECK_FALSE(error.message.contains('\x1b'));
  CHECK_FALSE(error.message.contains("\xe2\x80\xae"));
}

TEST_CASE("http failure: a status without a name is told by its number") {
  CHECK(judged(599, plain, "x").message == "initialize: HTTP 599: \"x\"");
}

TEST_CASE("http answer: the body is kept as far as its bound") {
  HttpAnswer answer;
  CHECK(answer.append(std::string(HttpAnswer::body_limit - 1, 'a')));
  CHECK_FALSE(answer.append("bcd"));
  CHECK(answer.body.size() == HttpAnswer::body_limit);
  CHECK(answer.body.ends_with("ab"));
}
