#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "tests/integration/io/punctual.hpp"
#include "tests/integration/io/raw_server.hpp"
#include "tests/integration/io/recorded_exchange.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

/// Answers each request with its own bytes.
void echo(RawConnection& connection, int) {
  for (auto request = connection.read_request(); !request.empty();
       request = connection.read_request()) {
    connection.answer("200 OK", "Content-Type: text/plain\r\n", request);
  }
}

/// Sends `bytes` after each request, and leaves the connection open.
RawServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) {
    while (!connection.read_request().empty()) connection.send(bytes);
  };
}

bool has_line(const std::string& request, const std::string& line) {
  return request.find("\r\n" + line + "\r\n") != std::string::npos;
}

bool has_field(const std::string& request, const std::string& name) {
  return request.find("\r\n" + name + ":") != std::string::npos;
}

}  // namespace

TEST_CASE(
    "http: a POST carries method, path, fields and body, and nothing that was not asked for") {
  const RawServer server(echo);
  HttpBench bench({.no_proxy = true, .user_agent = "mcpctl/1"});
  const auto seen = bench.run({.url = server.url("/mcp?a=b"),
                               .headers = {{"Content-Type", "application/json"},
                                           {"Mcp-Param-Empty", ""},
                                           {"Accept", "application/json"}},
                               .body = "{\"a\":1}"});
  REQUIRE(seen.succeeded());
  CHECK(seen.head->status == 200);
  CHECK(*seen.head->find("content-type") == "text/plain");
  CHECK(seen.body == "POST /mcp?a=b HTTP/1.1\r\nHost: " + server.address() +
                         "\r\nUser-Agent: mcpctl/1\r\nContent-Type: application/json\r\n"
                         "Mcp-Param-Empty:\r\nAccept: application/json\r\nContent-Length: 7\r\n\r\n"
                         "{\"a\":1}");
}

TEST_CASE("http: a large POST is sent at once, without asking for 100 Continue") {
  const RawServer server(echo);
  HttpBench bench;
  const auto seen = bench.run({.url = server.url(), .body = std::string(2'000'000, 'x')});
  REQUIRE(seen.succeeded());
  CHECK_FALSE(has_field(seen.body, "Expect"));
  CHECK_FALSE(has_field(seen.body, "Content-Type"));
  CHECK(has_line(seen.body, "Content-Length: 2000000"));
}

TEST_CASE("http: GET, DELETE and an empty POST") {
  const RawServer server(echo);
  HttpBench bench;
  CHECK(bench.run({.method = "GET", .url = server.url()}).body.starts_with("GET /mcp HTTP/1.1"));
  CHECK(bench.run({.method = "DELETE", .url = server.url()}).body.starts_with("DELETE /mcp "));
  const auto post = bench.run({.url = server.url()});
  CHECK(post.body.starts_with("POST /mcp "));
  CHECK(has_line(post.body, "Content-Length: 0"));
}

TEST_CASE("http: exchanges one after the other share a connection, and say so") {
  const RawServer server(echo);
  HttpBench bench;
  const auto first = bench.run({.url = server.url()});
  const auto second = bench.run({.url = server.url()});
  CHECK(server.connections() == 1);
  CHECK(first.timings().new_connection);
  CHECK_FALSE(second.timings().new_connection);
  CHECK(first.timings().peer_address == server.address());
  CHECK(second.timings().peer_address == server.address());
  CHECK(first.timings().http_version == "1.1");
  CHECK(first.timings().connect > 0us);
  CHECK(second.timings().connect == 0us);
  CHECK(second.timings().resolve == 0us);
  CHECK(first.timings().tls == 0us);
  CHECK_FALSE(first.timings().earliest_certificate_expiry);
}

TEST_CASE("http: exchanges side by side do not wait for each other") {
  const RawServer server([](RawConnection& connection, int number) {
    connection.read_request();
    if (number == 0) connection.wait_closed();
    connection.answer("200 OK", "", "ready");
  });
  HttpBench bench;
  RecordedExchange held;
  const auto exchange = bench.http->start({.method = "GET", .url = server.url()}, held);
  REQUIRE(turn_until(*bench.loop, [&] { return server.connections() == 1; }));
  CHECK(bench.run({.url = server.url()}).body == "ready");
  CHECK_FALSE(held.finished());
}

TEST_CASE("http: timings tell the wait for the first byte from the transfer of the rest") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    std::this_thread::sleep_for(60ms);
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
    std::this_thread::sleep_for(30ms);
    connection.send("b");
    connection.wait_closed();
  });
  CHECK(is_punctual(15ms, [&] {
    HttpBench bench;
    const auto seen = bench.run({.url = server.url(), .body = "{}"});
    REQUIRE(seen.succeeded());
    CHECK(seen.timings().first_byte >= 59ms);
    CHECK(seen.timings().total >= 89ms);
    return std::max(seen.timings().first_byte - 60ms,
                    std::chrono::abs(seen.timings().transfer - 30ms));
  }));
}

TEST_CASE("http: data is told as it comes, not at the end") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
    connection.wait_closed();
  });
  HttpBench bench;
  RecordedExchange seen;
  const auto exchange = bench.http->start({.method = "GET", .url = server.url()}, seen);
  REQUIRE(turn_until(*bench.loop, [&] { return seen.body == "data: 1\n\n"; }));
  CHECK(seen.head->status == 200);
  CHECK_FALSE(seen.finished());
}

TEST_CASE("http: 1xx answers and trailers are not shown") {
  const RawServer server(always(
      "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Folded: a\r\n  b\r\n\r\n"
      "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n"));
  HttpBench bench;
  const auto seen = bench.run({.url = server.url()});
  REQUIRE(seen.succeeded());
  CHECK(seen.head->status == 200);
  CHECK(seen.head->find("X-Early") == nullptr);
  CHECK(seen.head->find("X-Trailer") == nullptr);
  REQUIRE(seen.head->find("X-Folded"));
  CHECK(*seen.head->find("X-Folded") == "a b");
  CHECK(seen.body == "abc");
}

TEST_CASE("http: an answer ends at its last chunk though the socket stays open after it") {
  const RawServer server(
      always("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
             "2\r\nok\r\n0\r\n\r\n"));
  HttpBench bench;
  const auto start = Clock::now();
  const auto seen = bench.run({.url = server.url()});
  CHECK(seen.succeeded());
  CHECK(seen.body == "ok");
  CHECK(Clock::now() - start < 1s);
}

TEST_CASE("http: 202 without a body, and an answer that ends with the connection") {
  HttpBench bench;
  const RawServer accepted(always("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"));
  const auto empty = bench.run({.url = accepted.url()});
  CHECK(empty.succeeded());
  CHECK(empty.head->status == 202);
  CHECK(empty.pieces == 0);
  const RawServer closing([](RawConnection& connection, int) {
    connection.read_request();
    connection.send("HTTP/1.0 200 OK\r\n\r\nall of it");
  });
  const auto old = bench.run({.url = closing.url()});
  CHECK(old.succeeded());
  CHECK(old.body == "all of it");
  CHECK(old.timings().http_version == "1.0");
}

TEST_CASE("http: a field that would break the header is refused without showing its value") {
  HttpBench bench;
  const auto seen = bench.run(
      {.url = "http://127.0.0.1:1/", .headers = {{"Authorization", "Bearer secret\r\nX: y"}}});
  CHECK(seen.error().kind == ErrorKind::usage);
  CHECK(seen.error().message.find("Authorization") != std::string::npos);
  CHECK(seen.error().message.find("secret") == std::string::npos);
}

TEST_CASE("http: a URL that is none is told later, not from inside start") {
  HttpBench bench;
  CHECK(bench.run({.url = "nonsense"}).error().kind == ErrorKind::usage);
}

TEST_CASE("http: connecting only sends nothing") {
  std::promise<std::string> received;
  const RawServer server(
      [&](RawConnection& connection, int) { received.set_value(connection.read_request()); });
  {
    HttpBench bench;
    const auto seen = bench.connect({.url = server.url()});
    REQUIRE(seen.succeeded());
    CHECK_FALSE(seen.head);
    CHECK(seen.timings().new_connection);
    CHECK(seen.timings().connect > 0us);
    CHECK(seen.timings().peer_address == server.address());
  }
  CHECK(received.get_future().get().empty());
}
