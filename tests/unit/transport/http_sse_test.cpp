#include <doctest/doctest.h>

#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

namespace {

/// A rig whose stream was asked for; `opened` is the outcome.
struct SseRig : HttpRig {
  explicit SseRig(Duration patience = 5s)
      : HttpRig(TransportKind::http_sse, "http://127.0.0.1:8080/api/sse?key=1") {
    transport().open(loop.now() + patience, [this](Result<void> outcome) { opened = outcome; });
    loop.settle();
  }
  FakeExchange& stream() { return *http.exchanges.front(); }
  /// Lets the server accept the stream and name the endpoint.
  void name_endpoint(std::string_view reference) {
    stream().head(200, sse_type);
    stream().data("event: endpoint\ndata: " + std::string(reference) + "\n\n");
  }
  std::optional<Result<void>> opened;
};

}  // namespace

TEST_CASE("http+sse: opening is a GET for an event stream, which has no deadline of its own") {
  SseRig rig;
  CHECK(rig.stream().request().method == "GET");
  CHECK(rig.stream().request().url == "http://127.0.0.1:8080/api/sse?key=1");
  CHECK(rig.stream().request().headers == HeaderList{{"Accept", "text/event-stream"}});
  CHECK(rig.stream().request().deadline == TimePoint::max());
  rig.stream().head(200, sse_type);
  CHECK_FALSE(rig.opened.has_value());
}

TEST_CASE("http+sse: it is open once the endpoint event has come") {
  SseRig rig;
  rig.name_endpoint("/api/messages?session_id=abc");
  REQUIRE(rig.opened.has_value());
  CHECK(rig.opened->has_value());
}

TEST_CASE("http+sse: messages go to the endpoint, which may be named in any form") {
  const std::pair<const char*, const char*> cases[] = {
      {"/messages/?session_id=abc", "http://127.0.0.1:8080/messages/?session_id=abc"},
      {"messages?s=1", "http://127.0.0.1:8080/api/messages?s=1"},
      {"?s=1", "http://127.0.0.1:8080/api/sse?s=1"},
      {"http://127.0.0.1:8080/m", "http://127.0.0.1:8080/m"},
      {"HTTP://127.0.0.1:8080/m", "http://127.0.0.1:8080/m"},
      {"//127.0.0.1:8080/m", "http://127.0.0.1:8080/m"},
  };
  for (const auto& [reference, url] : cases) {
    CAPTURE(reference);
    SseRig rig;
    rig.name_endpoint(reference);
    const auto& sent = rig.call(1).request();
    CHECK(sent.method == "POST");
    CHECK(sent.url == url);
    CHECK(sent.body == R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
    CHECK(sent.headers == HeaderList{{"Content-Type", "application/json"}});
  }
}

TEST_CASE("http+sse: an endpoint of another origin is a protocol error that names both") {
  for (const char* reference : {"http://evil.example/m", "https://127.0.0.1:8080/m",
                                "http://127.0.0.1:9090/m", "//evil.example/m"}) {
    CAPTURE(reference);
    SseRig rig;
    rig.name_endpoint(reference);
    REQUIRE(rig.opened.has_value());
    REQUIRE_FALSE(rig.opened->has_value());
    CHECK(rig.opened->error().kind == ErrorKind::protocol);
    CHECK(rig.opened->error().message.starts_with(
        "the endpoint event leads from http://127.0.0.1:8080 to another origin, http"));
    CHECK(rig.stream().cancelled());
  }
}

TEST_CASE("http+sse: an endpoint that is no URL is a protocol error that quotes it") {
  SseRig rig;
  rig.name_endpoint("ftp://x/m");
  REQUIRE(rig.opened.has_value());
  CHECK(rig.opened->error().message == "the endpoint event names no URL: \"ftp://x/m\"");
}

TEST_CASE("http+sse: responses and notifications come on the stream") {
  SseRig rig;
  rig.name_endpoint("/m");
  rig.call(1).answer(202, {{"Content-Type", "text/plain"}}, "Accepted");
  CHECK(rig.seen.lines.empty());
  rig.stream().data(": ping\r\n\r\nevent: message\r\ndata: " + result_text(1) + "\r\n\r\n");
  CHECK(rig.seen.lines == Lines{result_line(1)});
}

TEST_CASE("http+sse: a message right behind the endpoint event comes after the opening") {
  SseRig rig;
  const std::string log = R"({"jsonrpc":"2.0","method":"notifications/message","params":{}})";
  rig.stream().head(200, sse_type);
  rig.stream().data("event: endpoint\ndata: /m\n\n" + event(log));
  CHECK(rig.opened->has_value());
  CHECK(rig.seen.lines == Lines{"message " + log});
}

TEST_CASE("http+sse: a message before the endpoint event is ignored with a warning") {
  SseRig rig;
  rig.stream().head(200, sse_type);
  rig.stream().data(event(result_text(1)));
  CHECK(rig.seen.lines == Lines{"warning a message before the endpoint event was ignored: \"" +
                                result_text(1) + "\""});
}

TEST_CASE("http+sse: a second endpoint event changes nothing") {
  SseRig rig;
  rig.name_endpoint("/m");
  rig.stream().data("event: endpoint\ndata: /other\n\n");
  CHECK(rig.seen.lines == Lines{"warning a second endpoint event was ignored"});
  CHECK(rig.call(1).request().url == "http://127.0.0.1:8080/m");
}

TEST_CASE("http+sse: any body of the acceptance but a response is ignored") {
  for (const char* body :
       {"Accepted", "ok", R"({"ok":true})", "", R"({"jsonrpc":"2.0","result":1})"}) {
    CAPTURE(body);
    SseRig rig;
    rig.name_endpoint("/m");
    rig.call(1).answer_json(200, body);
    CHECK(rig.seen.lines.empty());
  }
}

TEST_CASE("http+sse: a response in the answer to the POST is taken") {
  SseRig rig;
  rig.name_endpoint("/m");
  rig.call(1).answer_json(200, result_text(1));
  CHECK(rig.seen.lines == Lines{result_line(1)});
}

TEST_CASE("http+sse: requests wait for the answer to notifications/initialized") {
  SseRig rig;
  rig.name_endpoint("/m");
  auto& initialized = rig.notify("notifications/initialized");
  rig.transport().send(request(1, "tools/list"));
  CHECK(rig.http.exchanges.size() == 2);
  initialized.answer(202, {}, "Accepted");
  CHECK(rig.http.exchanges.size() == 3);
}

TEST_CASE("http+sse: fields of the message and of the user go with the POST") {
  HttpRig rig(TransportKind::http_sse);
  rig.endpoint.headers = {{"X-Tenant", "a"}};
  rig.endpoint.token = make_fixed_token_source("t", "T");
  rig.transport().open(TimePoint::max(), [](Result<void>) {});
  CHECK(*rig.http.last().sent_header("X-Tenant") == "a");
  CHECK(*rig.http.last().sent_header("Authorization") == "Bearer t");
  rig.http.last().head(200, sse_type);
  rig.http.last().data("event: endpoint\ndata: /m\n\n");
  auto outgoing = request(1, "ping");
  outgoing.headers = {{"MCP-Protocol-Version", "2025-11-25"}};
  CHECK(rig.send(std::move(outgoing)).request().headers ==
        HeaderList{{"Content-Type", "application/json"},
                   {"MCP-Protocol-Version", "2025-11-25"},
                   {"X-Tenant", "a"},
                   {"Authorization", "Bearer t"}});
}

TEST_CASE("http+sse: closing ends stream and POSTs, and tells nothing more") {
  SseRig rig;
  rig.name_endpoint("/m");
  rig.transport().send(request(1, "tools/list"));
  CHECK(rig.close()->has_value());
  CHECK(rig.http.open() == 0);
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("http+sse: an abandoned request's POST is cancelled") {
  SseRig rig;
  rig.name_endpoint("/m");
  auto& exchange = rig.call(1);
  rig.transport().abandon(std::int64_t{1});
  CHECK(exchange.cancelled());
  CHECK(rig.seen.lines.empty());
}
