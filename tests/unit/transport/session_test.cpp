#include <doctest/doctest.h>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

namespace {

HeaderList json_with_session(const std::string& id) {
  auto fields = json_type;
  fields.push_back({"mcp-session-id", id});
  return fields;
}

}  // namespace

TEST_CASE("http session: the id from the answer to initialize goes with all that follows") {
  HttpRig rig;
  rig.call(0, "initialize").answer(200, json_with_session("s-1"), result_text(0));
  CHECK(rig.transport().session_id() == "s-1");
  CHECK(*rig.notify("notifications/initialized").sent_header("Mcp-Session-Id") == "s-1");
}

TEST_CASE("http session: the id is known as soon as the answer to initialize begins") {
  HttpRig rig;
  rig.call(0, "initialize").head(200, json_with_session("s-1"));
  CHECK(rig.transport().session_id() == "s-1");
}

TEST_CASE("http session: initialize itself never carries an id") {
  HttpRig rig;
  rig.shake_hands("s-1");
  CHECK(rig.call(7, "initialize").sent_header("Mcp-Session-Id") == nullptr);
}

TEST_CASE("http session: an id in the answer to anything else is not adopted") {
  HttpRig rig;
  rig.call(1, "tools/list").answer(200, json_with_session("stray"), result_text(1));
  CHECK(rig.transport().session_id().empty());
}

TEST_CASE("http session: an id in a refusal is not adopted") {
  HttpRig rig;
  rig.call(0, "initialize")
      .answer(400, json_with_session("ghost"),
              R"({"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"no"}})");
  CHECK(rig.transport().session_id().empty());
}

TEST_CASE("http session: a modern server's id is ignored") {
  HttpRig rig;
  rig.send(modern_request(1, "server/discover"))
      .answer(200, json_with_session("x"), result_text(1));
  rig.transport().set_revision(Revision::v2026_07_28);
  CHECK(rig.transport().session_id().empty());
  CHECK(rig.send(modern_request(2, "tools/list")).sent_header("Mcp-Session-Id") == nullptr);
  CHECK(rig.close()->has_value());
  CHECK(rig.http.exchanges.size() == 2);
}

TEST_CASE("http session: an id with bytes outside visible ASCII is a protocol error") {
  for (const char* bad : {"a b", "caf\xc3\xa9", "a\tb", "a\x7f"}) {
    CAPTURE(bad);
    HttpRig rig;
    rig.call(0, "initialize").head(200, json_with_session(bad));
    CHECK(rig.seen.error.kind == ErrorKind::protocol);
    CHECK(rig.seen.error.message.starts_with("Mcp-Session-Id has bytes outside visible ASCII: "));
    CHECK(rig.transport().session_id().empty());
  }
}

TEST_CASE("http session: an empty id is none") {
  HttpRig rig;
  rig.call(0, "initialize").answer(200, json_with_session(""), result_text(0));
  CHECK(rig.seen.lines == Lines{result_line(0)});
  CHECK(rig.transport().session_id().empty());
}

TEST_CASE("http session: 404 to a request that named the session means that it is lost") {
  HttpRig rig;
  rig.shake_hands();
  rig.call(1).answer(404, {{"Content-Type", "text/plain"}}, "session not found\n");
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [session-lost] tools/list: the server no longer has the session (HTTP 404 "
              "Not Found: \"session not found\")"});
  CHECK(rig.seen.error.http_status == 404);
}

TEST_CASE("http session: 404 before there is a session is an http error") {
  HttpRig rig;
  rig.call(0, "initialize")
      .answer(404, {{"Content-Type", "text/html"}}, "<pre>Cannot POST /</pre>");
  CHECK(rig.seen.error.kind == ErrorKind::http);
}

TEST_CASE("http session: error code 0 with HTTP 200 for a dead session is seen through") {
  HttpRig rig;
  rig.shake_hands();
  rig.call(1).answer_json(
      200, R"({"jsonrpc":"2.0","id":1,"error":{"code":0,"message":"Session not found"}})");
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [session-lost] tools/list: the server no longer has the session (0: "
              "\"Session not found\")"});
  CHECK(rig.seen.error.rpc_code == 0);
}

TEST_CASE("http session: error code 0 on an event stream is seen through, too") {
  HttpRig rig;
  rig.shake_hands();
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data(event(
      R"({"jsonrpc":"2.0","id":1,"error":{"code":0,"message":"method \"tools/list\" is invalid during session initialization"}})"));
  CHECK(rig.seen.error.kind == ErrorKind::session_lost);
  CHECK(exchange.cancelled());
}

TEST_CASE("http session: error code 0 about something else stays the server's answer") {
  HttpRig rig;
  rig.shake_hands();
  const std::string text =
      R"({"jsonrpc":"2.0","id":1,"error":{"code":0,"message":"no such tool"}})";
  rig.call(1).answer_json(200, text);
  CHECK(rig.seen.lines == Lines{"message " + text});
}

TEST_CASE("http session: a modern method that is unknown keeps status and code") {
  HttpRig rig;
  rig.transport().set_revision(Revision::v2026_07_28);
  rig.send(modern_request(1, "bogus/method"))
      .answer_json(
          404, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})");
  CHECK(rig.seen.error.kind == ErrorKind::rpc);
  CHECK(rig.seen.error.rpc_code == -32601);
  CHECK(rig.seen.error.http_status == 404);
}
