#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "mcp/io/http_server_socket.hpp"
#include "tests/integration/relay/relay_bench.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

const std::string get = "GET /mcp HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace

TEST_CASE("relay: a server that cannot be reached is a 502 that says why") {
  RelayBench bench;
  bench.stop_listening();
  auto client = bench.client();
  REQUIRE(client.send(get));
  const auto got = client.receive_all();
  CHECK(got.starts_with("HTTP/1.1 502 Bad Gateway\r\n"));
  CHECK(got.ends_with("\r\n\r\ncannot reach 127.0.0.1:" + std::to_string(bench.upstream_port) +
                      ": Connection refused\n"));
  CHECK(client.ending == "eof");
  CHECK(bench.gate.log == std::vector<std::string>{"GET /mcp", "end"});
}

TEST_CASE("relay: a server that takes no connection is a 504 after the time for it") {
  auto loop = make_loop();
  // A listener with a queue for one, which is taken: the kernel answers no further SYN.
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  if (!listener) FAIL("no socket can be had");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  REQUIRE(::bind(listener.get(), generic, sizeof address) == 0);
  REQUIRE(::listen(listener.get(), 0) == 0);
  const auto port = local_port(listener.get());
  address.sin_port = htons(port);
  std::vector<Descriptor> queue;
  for (int each = 0; each < 3; ++each) {
    queue.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    const int connected = ::connect(queue.back().get(), generic, sizeof address);
    REQUIRE((connected == 0 || errno == EINPROGRESS));
  }
  RecordingGate gate;
  const auto relay = make_http_relay(
      *loop, {.upstream_host = "127.0.0.1", .upstream_port = port, .connect_timeout = 100ms}, gate);
  Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  address.sin_port = htons((*relay)->port());
  REQUIRE(::connect(socket.get(), generic, sizeof address) == 0);
  RelayPeer client(*loop, std::move(socket));
  REQUIRE(client.send(get));
  const auto got = client.receive_all();
  CHECK(got.starts_with("HTTP/1.1 504 Gateway Timeout\r\n"));
  CHECK(got.ends_with("no connection to 127.0.0.1:" + std::to_string(port) + " in time\n"));
}

TEST_CASE("relay: a name is looked up, and each of its addresses is tried") {
  RelayBench bench({.upstream_host = "localhost"});
  for (int each = 0; each < 2; ++each) {
    auto client = bench.client();
    REQUIRE(client.send(get));
    auto server = bench.server();
    CHECK(server.receive(get.size()) == get);
    REQUIRE(server.send(answer));
    CHECK(client.receive(answer.size()) == answer);
  }
}

TEST_CASE("relay: a name that does not exist is a 502 that names it") {
  RelayBench bench({.upstream_host = "no-such-host.invalid"});
  auto client = bench.client();
  REQUIRE(client.send(get));
  const auto got = client.receive_all();
  CHECK(got.starts_with("HTTP/1.1 502 Bad Gateway\r\n"));
  CHECK(got.find("cannot resolve no-such-host.invalid: ") != std::string::npos);
}

TEST_CASE("relay: a request that meets the server's closing is not lost once it was let pass") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(get));
  auto first = bench.server();
  CHECK(first.receive(get.size()) == get);
  REQUIRE(first.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  // Both come in one turn, and which of them is seen first is the kernel's choice.
  first.close();
  REQUIRE(client.send(get));
  const auto seen = [&] { return bench.gate.log.size() > 3 || client.ending != "open"; };
  CHECK(bench.turn_until([&] {
    CHECK(client.receive_now().empty());
    return seen();
  }));
  if (bench.gate.log.size() == 3) return;  // closed before the request was looked at
  auto second = bench.server();
  CHECK(second.receive(get.size()) == get);
}

TEST_CASE("relay: more connections than the limit are told so, and make room when they end") {
  RelayBench bench({.max_connections = 1});
  auto first = bench.client();
  REQUIRE(first.send(get));
  auto server = bench.server();
  CHECK(server.receive(get.size()) == get);
  auto second = bench.client();
  REQUIRE(second.send(get));
  const auto got = second.receive_all();
  CHECK(got.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  CHECK(got.ends_with("\r\n\r\ntoo many connections\n"));
  second.close();
  first.reset();
  CHECK(bench.turn_until([&] { return bench.relay->connections() == 0; }));
  auto third = bench.client();
  REQUIRE(third.send(get));
  auto next = bench.server();
  CHECK(next.receive(get.size()) == get);
}

TEST_CASE("relay: an address that is taken is told at once") {
  RelayBench bench;
  const auto second = make_http_relay(
      *bench.loop, {.port = bench.relay->port(), .upstream_host = "127.0.0.1"}, bench.gate);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == ErrorKind::connect);
}
