#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "tests/integration/io/punctual.hpp"
#include "tests/integration/io/raw_server.hpp"
#include "tests/integration/io/recorded_exchange.hpp"
#include "tests/integration/io/scripted_names.hpp"
#include "tests/integration/io/test_certificates.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 120ms;

enum class What { exchange, connect };

struct Attempt {
  std::string message;
  Duration late{};
};

Attempt run_into_deadline(HttpBench& bench, HttpRequest request, What what = What::exchange) {
  request.deadline = Clock::now() + patience;
  const auto deadline = request.deadline;
  const auto seen =
      what == What::connect ? bench.connect(std::move(request)) : bench.run(std::move(request));
  CHECK(seen.error().kind == ErrorKind::timeout);
  return {.message = seen.error().message, .late = Clock::now() - deadline};
}

/// Runs into the deadline, is told so in time, and says in which phase.
std::string phase_at_deadline(HttpBench& bench, const HttpRequest& request,
                              What what = What::exchange) {
  Attempt attempt;
  CHECK(is_punctual(50ms, [&] {
    attempt = run_into_deadline(bench, request, what);
    CHECK(attempt.late >= 0ms);
    return attempt.late;
  }));
  return attempt.message;
}

RawServer::Script sends_and_waits(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) {
    connection.read_request();
    connection.send(bytes);
    connection.wait_closed();
  };
}

/// A listening port whose queue is full: the kernel drops further connections' first packets.
class FullListener {
 public:
  FullListener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    listener_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(listener_.get() >= 0);
    REQUIRE(::bind(listener_.get(), generic, size) == 0);
    REQUIRE(::listen(listener_.get(), 0) == 0);
    REQUIRE(::getsockname(listener_.get(), generic, &size) == 0);
    port = ntohs(address.sin_port);
    for (auto& client : clients_) {
      client = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      CHECK(::connect(client.get(), generic, size) <= 0);  // made, or under way for ever
    }
  }
  int port = 0;

 private:
  Descriptor listener_;
  std::array<Descriptor, 4> clients_;
};

}  // namespace

TEST_CASE("http: a deadline holds while the name is looked up") {
  HttpBench bench;
  CHECK(phase_at_deadline(bench, {.url = "http://hanging.test:8080/"}) ==
        "timed out resolving hanging.test");
}

TEST_CASE("http: leaving while a name is looked up does not wait for the resolver") {
  CHECK(is_punctual(100ms, [] {
    const auto start = Clock::now();
    {
      HttpBench bench;
      RecordedExchange seen;
      const auto exchange = bench.http->start({.url = "http://hanging.test:8080/"}, seen);
      bench.loop->turn(bench.loop->now() + 20ms);
    }
    return Clock::now() - start;
  }));
}

TEST_CASE("http: a deadline holds while connecting") {
  const FullListener full;
  HttpBench bench;
  const auto address = "127.0.0.1:" + std::to_string(full.port);
  CHECK(phase_at_deadline(bench, {.url = "http://" + address}) ==
        "timed out connecting to " + address);
  HttpBench renamed(
      {.no_proxy = true, .resolve = {"mcp.test:" + std::to_string(full.port) + ":127.0.0.1"}});
  const auto authority = "mcp.test:" + std::to_string(full.port);
  CHECK(phase_at_deadline(renamed, {.url = "http://" + authority}) ==
        "timed out connecting to " + address + " for " + authority);
}

TEST_CASE("http: a deadline holds in the TLS handshake") {
  const RawServer server([](RawConnection& connection, int) { connection.wait_closed(); });
  // Its own authority: the system's may be a bundle, which takes its time to parse.
  const TestAuthority authority;
  HttpBench bench({.no_proxy = true, .ca_file = authority.ca_file()});
  CHECK(phase_at_deadline(bench, {.url = "https://" + server.address()}) ==
        "timed out in the TLS handshake with " + server.address());
}

TEST_CASE("http: a deadline holds while the request is sent") {
  const RawServer server([](RawConnection& connection, int) { connection.wait_without_reading(); });
  HttpBench bench;
  HttpRequest large{.url = server.url()};
  large.body.resize(30'000'000, 'x');
  const auto phase = phase_at_deadline(bench, large);
  CAPTURE(phase);
  CHECK(phase.starts_with("timed out sending the request to " + server.address() + ", after "));
  CHECK(phase.ends_with(" of 30000000 bytes"));
}

TEST_CASE("http: a deadline holds before the answer, and at any byte of it") {
  HttpBench bench;
  const auto phase_after = [&](std::string bytes) {
    const RawServer server(sends_and_waits(std::move(bytes)));
    auto phase = phase_at_deadline(bench, {.url = server.url(), .body = "{}"});
    const auto at = phase.find(server.address());
    REQUIRE(at != std::string::npos);
    return phase.replace(at, server.address().size(), "ADDRESS");
  };
  CHECK(phase_after("") == "timed out waiting for the first byte from ADDRESS");
  CHECK(phase_after("HTTP/1.1 200 OK\r\nCont") ==
        "timed out in the middle of the header from ADDRESS");
  CHECK(phase_after("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") ==
        "timed out waiting for the body from ADDRESS");
  CHECK(phase_after("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc") ==
        "timed out in the middle of the body from ADDRESS, after 3 bytes");
  CHECK(phase_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab") ==
        "timed out in the middle of the body from ADDRESS, after 2 bytes");
  CHECK(phase_after("HTTP/1.1 100 Continue\r\n\r\n") ==
        "timed out in the middle of the header from ADDRESS");
}

TEST_CASE("http: a deadline holds against a server that sends without end") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
    while (connection.send(": still here\n\n")) {
    }
  });
  HttpBench bench;
  CHECK(phase_at_deadline(bench, {.url = server.url()}).starts_with("timed out in the middle"));
}

TEST_CASE("http: a deadline holds on a reused connection") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    connection.answer("200 OK", "", "first");
    connection.wait_closed();
  });
  HttpBench bench;
  CHECK(bench.run({.url = server.url()}).body == "first");
  CHECK(run_into_deadline(bench, {.url = server.url()}).message ==
        "timed out waiting for the first byte from " + server.address());
  CHECK(server.connections() == 1);
}

TEST_CASE("http: a deadline that is past ends the exchange in the next turn") {
  const RawServer server(sends_and_waits(""));
  HttpBench bench;
  const auto seen = bench.run({.url = server.url(), .deadline = Clock::now() - 1s});
  CHECK(seen.error().kind == ErrorKind::timeout);
}

TEST_CASE("http: a deadline holds when only connecting") {
  const FullListener full;
  HttpBench bench;
  const auto address = "127.0.0.1:" + std::to_string(full.port);
  CHECK(phase_at_deadline(bench, {.url = "http://" + address}, What::connect) ==
        "timed out connecting to " + address);
}
