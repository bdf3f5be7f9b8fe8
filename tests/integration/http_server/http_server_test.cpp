#include <doctest/doctest.h>

#include <algorithm>

#include "tests/integration/http_server/http_client.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

const HeaderList text{{.name = "Content-Type", .value = "text/plain"}};

void echo(const HttpServerRequest& request, std::unique_ptr<HttpResponder> responder) {
  responder->respond(200, text,
                     std::string(request.method) + " " + std::string(request.path) + "?" +
                         std::string(request.query) + " " + std::string(request.body));
}

struct Kept {
  std::unique_ptr<HttpResponder> responder;
  void take(const HttpServerRequest&, std::unique_ptr<HttpResponder> given) {
    responder = std::move(given);
  }
  ScriptedHandler::Script script() {
    return [this](const HttpServerRequest& request, std::unique_ptr<HttpResponder> given) {
      take(request, std::move(given));
    };
  }
};

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_CASE("http server: a request is read whole and answered, and the connection is kept") {
  ServerFixture fixture(echo);
  RawClient client(fixture);
  client.send("POST /a/b?c=d HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  client.send("llo");
  CHECK(client.receive_until("hello") ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 19\r\n\r\n"
        "POST /a/b?c=d hello");
  client.send(get);
  CHECK(client.receive_until("GET /").ends_with("GET /? "));
  CHECK(fixture.server->connections() == 1);
}

TEST_CASE("http server: a request that comes byte by byte is the same request") {
  ServerFixture fixture(echo);
  RawClient client(fixture);
  for (const char c : std::string("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")) {
    client.send(std::string_view(&c, 1));
  }
  CHECK(client.receive_until("hi").ends_with("PUT /x? hi"));
}

TEST_CASE("http server: pipelined requests are answered in their order") {
  Kept kept;
  ServerFixture fixture([&](const HttpServerRequest& request, std::unique_ptr<HttpResponder> to) {
    if (request.path == "/slow") return kept.take(request, std::move(to));
    echo(request, std::move(to));
  });
  RawClient client(fixture);
  client.send("GET /1 HTTP/1.1\r\n\r\nGET /slow HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
  CHECK(client.receive_until("GET /1?").contains("GET /1?"));
  CHECK(fixture.turn_until([&] { return kept.responder != nullptr; }));
  CHECK(fixture.handler.requests == 2);
  kept.responder->respond(200, text, "slow");
  const auto rest = client.receive_until("GET /3?");
  CHECK(rest.find("slow") < rest.find("GET /3?"));
}

TEST_CASE("http server: chunked bodies are put together") {
  ServerFixture fixture(echo);
  RawClient client(fixture);
  client.send(
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
  CHECK(client.receive_until("abcde").ends_with("POST /? abcde"));
}

TEST_CASE("http server: who expects 100 Continue gets it") {
  ServerFixture fixture(echo);
  RawClient client(fixture);
  client.send("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  CHECK(client.receive_until("hi").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("http server: HEAD gets the header alone") {
  ServerFixture fixture(echo);
  RawClient client(fixture);
  client.send("HEAD / HTTP/1.1\r\n\r\n");
  CHECK(client.receive_until("\r\n\r\n").ends_with("Content-Length: 8\r\n\r\n"));
  client.send(get);
  CHECK(client.receive_until("GET").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("http server: Connection close and HTTP/1.0 end the connection after the answer") {
  ServerFixture fixture(echo);
  RawClient closing(fixture);
  closing.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(closing.receive_all().contains("Connection: close\r\n"));
  CHECK(closing.ending == "eof");
  RawClient old(fixture);
  old.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(old.receive_all().ends_with("GET /? "));
  CHECK(old.ending == "eof");
}

TEST_CASE("http server: a stream is sent in chunks as it is written") {
  Kept kept;
  ServerFixture fixture(kept.script());
  RawClient client(fixture);
  client.send(get);
  REQUIRE(fixture.turn_until([&] { return kept.responder != nullptr; }));
  kept.responder->start(200, text);
  CHECK(client.receive_until("\r\n\r\n").contains("Transfer-Encoding: chunked"));
  kept.responder->write("hello");
  CHECK(client.receive_until("hello\r\n") == "5\r\nhello\r\n");
  kept.responder->finish();
  CHECK(client.receive_until("0\r\n\r\n") == "0\r\n\r\n");
  kept.responder.reset();
  client.send(get);
  CHECK(fixture.turn_until([&] { return kept.responder != nullptr; }));
}

TEST_CASE("http server: a stream for HTTP/1.0 lasts to the end of the connection") {
  Kept kept;
  ServerFixture fixture(kept.script());
  RawClient client(fixture);
  client.send("GET / HTTP/1.0\r\n\r\n");
  REQUIRE(fixture.turn_until([&] { return kept.responder != nullptr; }));
  kept.responder->start(200, text);
  kept.responder->write("hello");
  kept.responder->finish();
  const auto answer = client.receive_all();
  CHECK(answer.ends_with("\r\n\r\nhello"));
  CHECK_FALSE(answer.contains("chunked"));
}

TEST_CASE("http server: the handler is told when the client leaves") {
  Kept kept;
  ServerFixture fixture(kept.script());
  bool closed = false;
  {
    RawClient client(fixture);
    client.send(get);
    REQUIRE(fixture.turn_until([&] { return kept.responder != nullptr; }));
    kept.responder->start(200, text);
    kept.responder->on_closed([&] { closed = true; });
    CHECK(client.receive_until("\r\n\r\n").size() > 10);
    CHECK_FALSE(closed);
  }
  CHECK(fixture.turn_until([&] { return closed; }));
  kept.responder->write("nobody reads this");
  kept.responder->finish();
  CHECK(fixture.server->connections() == 0);
}

TEST_CASE("http server: a responder that is destroyed without an answer ends the connection") {
  ServerFixture fixture([](const HttpServerRequest&, std::unique_ptr<HttpResponder>) {});
  RawClient client(fixture);
  client.send(get);
  CHECK(client.receive_all().empty());
  CHECK(client.ending == "eof");
}

TEST_CASE("http server: a reset is a reset, after the bytes that were sent") {
  Kept kept;
  ServerFixture fixture(kept.script());
  RawClient client(fixture);
  client.send(get);
  REQUIRE(fixture.turn_until([&] { return kept.responder != nullptr; }));
  kept.responder->take_over();
  kept.responder->write("HTTP/1.1 2");
  kept.responder->close(Ending::reset);
  CHECK(client.receive_all() == "HTTP/1.1 2");
  CHECK(client.ending == "reset");
}

TEST_CASE("http server: a long stream waits for its reader") {
  Kept kept;
  ServerFixture fixture(kept.script());
  RawClient client(fixture);
  client.send(get);
  REQUIRE(fixture.turn_until([&] { return kept.responder != nullptr; }));
  kept.responder->start(200, text);
  int drained = 0;
  const std::string block(1024UL * 1024, 'z');
  std::function<void()> more = [&] {
    if (++drained == 20) return kept.responder->finish();
    kept.responder->write(block);
    kept.responder->on_drained([&] { more(); });
  };
  more();
  fixture.turn_for(100ms);
  CHECK(drained < 20);
  CHECK(kept.responder->unsent() <= block.size() + 64);
  const auto all = client.receive_until("0\r\n\r\n");
  CHECK(std::ranges::count(all, 'z') == 19 * 1024 * 1024);
}

TEST_CASE("http server: a drain ends idle connections at once, the others after their answer") {
  Kept kept;
  ServerFixture fixture([&](const HttpServerRequest& request, std::unique_ptr<HttpResponder> to) {
    if (request.path == "/slow") return kept.take(request, std::move(to));
    echo(request, std::move(to));
  });
  RawClient idle(fixture);
  idle.send(get);
  CHECK(idle.receive_until("GET").size() > 10);
  RawClient busy(fixture);
  busy.send("GET /slow HTTP/1.1\r\n\r\n");
  REQUIRE(fixture.turn_until([&] { return kept.responder != nullptr; }));
  fixture.server->drain();
  CHECK(idle.receive_all().empty());
  CHECK(idle.ending == "eof");
  CHECK_THROWS(RawClient(fixture));
  kept.responder->respond(200, text, "done");
  CHECK(busy.receive_all().ends_with("done"));
  CHECK(busy.ending == "eof");
}

TEST_CASE("http server: an address in use is a connect error that names it") {
  ServerFixture fixture(echo);
  HttpServerOptions options;
  options.port = fixture.server->port();
  const auto second = make_http_server(*fixture.loop, options, fixture.handler);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == ErrorKind::connect);
  CHECK(second.error().message ==
        "cannot listen on 127.0.0.1:" + std::to_string(options.port) + ": Address already in use");
}
