#include <doctest/doctest.h>

#include "tests/integration/http_server/http_client.hpp"

// What a client must not do, and how long it may take.

using namespace mcp;
using namespace std::chrono_literals;

namespace {

const HeaderList none;

void answer(const HttpServerRequest& request, std::unique_ptr<HttpResponder> responder) {
  responder->respond(200, none, std::to_string(request.body.size()));
}

HttpServerOptions small_limits() {
  HttpServerOptions options;
  options.max_header_bytes = 1024;
  options.max_body_bytes = 1000;
  options.header_timeout = 80ms;
  options.body_timeout = 80ms;
  options.idle_timeout = 80ms;
  options.write_timeout = 80ms;
  return options;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\r'));
}

/// The first line of the answer to these bytes, and how the connection ended.
std::string outcome(std::string_view bytes) {
  ServerFixture fixture(answer, small_limits());
  RawClient client(fixture);
  client.send(bytes);
  const auto received = client.receive_all();
  return first_line(received) + " " + client.ending;
}

}  // namespace

TEST_CASE("http server: what breaks a limit or the syntax is refused, and the refusal arrives") {
  CHECK(outcome("FOO\r\n\r\n") == "HTTP/1.1 400 Bad Request eof");
  CHECK(outcome("GET / HTTP/1.1\r\nBad Header: x\r\n\r\n") == "HTTP/1.1 400 Bad Request eof");
  CHECK(outcome("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n") ==
        "HTTP/1.1 431 Request Header Fields Too Large eof");
  CHECK(outcome("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n") ==
        "HTTP/1.1 413 Content Too Large eof");
  CHECK(outcome("POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + std::string(500'000, 'x')) ==
        "HTTP/1.1 413 Content Too Large eof");
  CHECK(outcome("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
                std::string(2048, 'x') + "\r\n0\r\n\r\n") == "HTTP/1.1 413 Content Too Large eof");
  CHECK(outcome("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == "HTTP/1.1 400 Bad Request eof");
  CHECK(outcome("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx") ==
        "HTTP/1.1 400 Bad Request eof");
}

TEST_CASE("http server: half a request is refused when its time is over") {
  CHECK(outcome("GET / HT") == "HTTP/1.1 408 Request Timeout eof");
  CHECK(outcome("GET / HTTP/1.1\r\nHost: a\r\n") == "HTTP/1.1 408 Request Timeout eof");
  CHECK(outcome("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab") ==
        "HTTP/1.1 408 Request Timeout eof");
}

TEST_CASE("http server: a connection without requests is closed, before and after one") {
  CHECK(outcome("") == " eof");
  CHECK(outcome("GET / HTTP/1.1\r\n\r\n") == "HTTP/1.1 200 OK eof");
}

TEST_CASE("http server: a client that does not read is cut off") {
  ServerFixture fixture(
      [](const HttpServerRequest&, std::unique_ptr<HttpResponder> responder) {
        responder->respond(200, none, std::string(30UL * 1024 * 1024, 'x'));
      },
      small_limits());
  RawClient client(fixture);
  client.send("GET / HTTP/1.1\r\n\r\n");
  CHECK(fixture.turn_until([&] { return fixture.server->connections() == 1; }));
  CHECK(fixture.turn_until([&] { return fixture.server->connections() == 0; }));
}

TEST_CASE("http server: a client that falls too far behind is cut off") {
  HttpServerOptions options;
  options.max_unsent_bytes = 1024UL * 1024;
  std::unique_ptr<HttpResponder> kept;
  ServerFixture fixture(
      [&](const HttpServerRequest&, std::unique_ptr<HttpResponder> responder) {
        kept = std::move(responder);
        kept->start(200, none);
      },
      options);
  RawClient client(fixture);
  client.send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(fixture.turn_until([&] { return kept != nullptr; }));
  bool closed = false;
  kept->on_closed([&] { closed = true; });
  for (int count = 0; count < 30; ++count) kept->write(std::string(1024UL * 1024, 'x'));
  CHECK(fixture.turn_until([&] { return closed; }));
}

TEST_CASE("http server: pipelined requests wait while their answers are not read") {
  int asked = 0;
  ServerFixture fixture(
      [&asked](const HttpServerRequest&, std::unique_ptr<HttpResponder> responder) {
        ++asked;
        responder->respond(200, none, std::string(1024UL * 1024, 'x'));
      },
      small_limits());
  RawClient deaf(fixture);
  std::string requests;
  for (int count = 0; count < 500; ++count) requests += "GET / HTTP/1.1\r\n\r\n";
  deaf.send(requests);
  // Cut off for not reading; what the kernel holds for it is not known, but far from all of it.
  CHECK(fixture.turn_until([&] { return asked > 0 && fixture.server->connections() == 0; }));
  CHECK(asked < 50);
}

TEST_CASE("http server: who pipelines many requests lets others have their turn") {
  std::string order;
  ServerFixture fixture(
      [&order](const HttpServerRequest& request, std::unique_ptr<HttpResponder> responder) {
        order += request.path.substr(1);
        responder->respond(200, none, "");
      });
  RawClient many(fixture);
  RawClient one(fixture);
  std::string requests;
  for (int count = 0; count < 200; ++count) requests += "GET /m HTTP/1.1\r\n\r\n";
  many.send(requests);
  one.send("GET /o HTTP/1.1\r\n\r\n");
  CHECK(fixture.turn_until([&] { return order.size() == 201; }));
  CHECK(order.find('o') < 200);
}

TEST_CASE("http server: an answer in the works has no time limit") {
  std::unique_ptr<HttpResponder> kept;
  ServerFixture fixture(
      [&](const HttpServerRequest&, std::unique_ptr<HttpResponder> responder) {
        kept = std::move(responder);
      },
      small_limits());
  RawClient client(fixture);
  client.send("GET / HTTP/1.1\r\n\r\n");
  fixture.turn_for(300ms);
  REQUIRE(kept != nullptr);
  kept->respond(200, none, "late");
  CHECK(client.receive_until("late").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("http server: close_when_idle closes after the quiet time, not before") {
  ServerFixture fixture([](const HttpServerRequest&, std::unique_ptr<HttpResponder> responder) {
    responder->close_when_idle(150ms);
    responder->respond(200, none, "ok");
  });
  RawClient client(fixture);
  const auto start = Clock::now();
  client.send("GET / HTTP/1.1\r\n\r\n");
  CHECK(client.receive_all().ends_with("ok"));
  CHECK(client.ending == "eof");
  CHECK(Clock::now() - start >= 150ms);
  CHECK(Clock::now() - start < 10s);
}

TEST_CASE("http server: beyond the limit the one that has waited longest makes room, where asked") {
  HttpServerOptions options;
  options.max_connections = 2;
  options.when_full = WhenFull::replace;
  ServerFixture fixture(answer, options);
  RawClient idle(fixture);
  idle.send("GET / HTTP/1.1\r\n\r\n");
  CHECK(idle.receive_until("200 OK").size() > 10);
  RawClient inside(fixture);
  inside.send("GET / HTTP/1.1\r\nX-A: ");
  fixture.turn_for(20ms);
  RawClient newest(fixture);
  newest.send("GET / HTTP/1.1\r\n\r\n");
  CHECK(newest.receive_until("200 OK").size() > 10);
  idle.receive_all();
  CHECK(idle.ending == "eof");
  inside.send("b\r\n\r\n");
  CHECK(inside.receive_until("200 OK").size() > 10);
}

TEST_CASE("http server: pieces of requests are bounded over all connections, whole ones are not") {
  HttpServerOptions options;
  options.max_held_bytes = 6000;
  options.kept_buffer_bytes = 0;
  ServerFixture fixture(answer, options);
  const auto piece = "GET / HTTP/1.1\r\nX-A: " + std::string(3000, 'a');
  auto first = std::make_unique<RawClient>(fixture);
  first->send(piece);
  fixture.turn_for(20ms);
  RawClient second(fixture);
  second.send(piece);
  CHECK(second.receive_all().starts_with("HTTP/1.1 503 "));
  CHECK(second.ending == "eof");
  RawClient whole(fixture);
  whole.send(piece + "\r\n\r\n");
  CHECK(whole.receive_until("200 OK").size() > 10);
  first->send("\r\n\r\n");
  CHECK(first->receive_until("200 OK").size() > 10);
  RawClient third(fixture);
  third.send(piece);
  fixture.turn_for(20ms);
  third.send("\r\n\r\n");
  CHECK(third.receive_until("200 OK").size() > 10);
}

TEST_CASE("http server: answers that are not read are bounded over all connections") {
  HttpServerOptions options;
  options.max_held_bytes = 8UL * 1024 * 1024;
  ServerFixture fixture(
      [](const HttpServerRequest& request, std::unique_ptr<HttpResponder> responder) {
        const bool is_large = request.path == "/large";
        responder->respond(200, none, std::string(is_large ? 20UL * 1024 * 1024 : 2, 'a'));
      },
      options);
  RawClient deaf(fixture);
  deaf.send("GET /large HTTP/1.1\r\n\r\n");
  RawClient other(fixture);
  other.send("GET / HTTP/1.1\r\n\r\n");
  CHECK(other.receive_until("200 OK").size() > 10);
  deaf.receive_all();
  CHECK(deaf.ending == "reset");
}

TEST_CASE("http server: beyond the limit connections wait until others are gone") {
  HttpServerOptions options;
  options.max_connections = 1;
  ServerFixture fixture(answer, options);
  auto first = std::make_unique<RawClient>(fixture);
  first->send("GET / HTTP/1.1\r\n\r\n");
  CHECK(first->receive_until("200 OK").size() > 10);
  RawClient second(fixture);
  second.send("GET / HTTP/1.1\r\n\r\n");
  fixture.turn_for(50ms);
  CHECK(fixture.handler.requests == 1);
  first.reset();
  CHECK(second.receive_until("200 OK").size() > 10);
}
