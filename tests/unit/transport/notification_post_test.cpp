#include <doctest/doctest.h>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

TEST_CASE("streamable http: 202 without a body takes a notification") {
  HttpRig rig;
  rig.notify("notifications/cancelled").answer(202, {}, "");
  CHECK(rig.seen.lines.empty());
  CHECK(rig.seen.timings == 1);
}

TEST_CASE("streamable http: whatever comes with the acceptance of a notification is ignored") {
  for (const char* body : {"Accepted", R"({"jsonrpc":"2.0","result":{}})",
                           R"({"jsonrpc":"2.0","id":7,"result":{}})", "<html></html>", "[]", ""}) {
    CAPTURE(body);
    HttpRig rig;
    rig.notify("notifications/cancelled").answer(202, json_type, body);
    CHECK(rig.seen.lines.empty());
  }
}

TEST_CASE("streamable http: any 2xx status takes a notification") {
  for (const int status : {200, 202, 204}) {
    CAPTURE(status);
    HttpRig rig;
    rig.notify("notifications/cancelled").answer(status, json_type, "");
    CHECK(rig.seen.lines.empty());
  }
}

TEST_CASE("streamable http: a notification that is refused is told") {
  HttpRig rig;
  rig.notify("notifications/cancelled").answer(500, {}, "oops");
  CHECK(
      rig.seen.lines ==
      Lines{
          R"(send failed [http] notifications/cancelled: HTTP 500 Internal Server Error: "oops")"});
}

TEST_CASE("streamable http: an acceptance that holds a JSON-RPC error is a refusal") {
  HttpRig rig;
  rig.shake_hands();
  rig.notify("notifications/cancelled")
      .answer_json(200,
                   R"({"jsonrpc":"2.0","id":null,"error":{"code":0,"message":"session expired"}})");
  CHECK(rig.seen.error.kind == ErrorKind::session_lost);
  CHECK(rig.seen.lines[0].starts_with("send failed [session-lost] notifications/cancelled: "));
}

TEST_CASE("streamable http: a body without end after an acceptance is not read on") {
  HttpRig rig;
  auto& exchange = rig.notify("notifications/cancelled");
  exchange.head(200, json_type);
  exchange.data(std::string(100'000, 'x'));
  CHECK(exchange.cancelled());
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("streamable http: a body that stalls after an acceptance is not waited for") {
  HttpRig rig;
  auto& exchange = rig.notify("notifications/cancelled");
  exchange.head(202, {});
  rig.loop.advance(1s);
  CHECK(exchange.cancelled());
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("streamable http: an event stream after an acceptance is closed at once") {
  HttpRig rig;
  auto& exchange = rig.notify("notifications/initialized");
  rig.transport().send(request(1, "tools/list"));
  exchange.head(200, sse_type);
  CHECK(exchange.cancelled());
  CHECK(rig.http.exchanges.size() == 2);
}

TEST_CASE("streamable http: requests wait for the answer to notifications/initialized") {
  HttpRig rig;
  auto& initialized = rig.notify("notifications/initialized");
  rig.transport().send(request(1, "tools/list"));
  CHECK(rig.http.exchanges.size() == 1);
  initialized.answer(202, {}, "");
  REQUIRE(rig.http.exchanges.size() == 2);
  CHECK(rig.http.last().request().body == R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
}

TEST_CASE("streamable http: messages that waited keep their order") {
  HttpRig rig;
  auto& initialized = rig.notify("notifications/initialized");
  for (const std::int64_t id : {1, 2, 3}) rig.transport().send(request(id, "ping"));
  initialized.fail({.kind = ErrorKind::http, .message = "reset"});
  REQUIRE(rig.http.exchanges.size() == 4);
  CHECK(rig.http.exchanges[1]->request().body.contains("\"id\":1"));
  CHECK(rig.http.exchanges[3]->request().body.contains("\"id\":3"));
}

TEST_CASE(
    "streamable http: an answer to notifications/initialized is waited for a second at most") {
  HttpRig rig;
  rig.notify("notifications/initialized");
  rig.transport().send(request(1, "tools/list"));
  rig.loop.advance(999ms);
  CHECK(rig.http.exchanges.size() == 1);
  rig.loop.advance(1ms);
  CHECK(rig.http.exchanges.size() == 2);
}

TEST_CASE("streamable http: a request that is abandoned while it waits is never sent") {
  HttpRig rig;
  auto& initialized = rig.notify("notifications/initialized");
  rig.transport().send(request(1, "tools/list"));
  rig.transport().abandon(std::int64_t{1});
  initialized.answer(202, {}, "");
  CHECK(rig.http.exchanges.size() == 1);
}
