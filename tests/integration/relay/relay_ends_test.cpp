#include <doctest/doctest.h>

#include <string>

#include "tests/integration/relay/relay_bench.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

using Log = std::vector<std::string>;

const std::string get = "GET /mcp HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string stream = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// A client with a stream that has begun, and its server.
struct OpenStream {
  explicit OpenStream(RelayBench& bench) : client(bench.client()), server(begin(bench)) {
    REQUIRE(server.send(stream));
    CHECK(client.receive(stream.size()) == stream);
  }
  RelayPeer begin(RelayBench& bench) {
    REQUIRE(client.send(get));
    auto accepted = bench.server();
    CHECK(accepted.receive(get.size()) == get);
    return accepted;
  }
  RelayPeer client;
  RelayPeer server;
};

}  // namespace

TEST_CASE("relay: the server hears at once that a client has gone") {
  RelayBench bench;
  OpenStream open(bench);
  open.client.close();
  CHECK(open.server.receive_all().empty());
  CHECK(open.server.ending == "eof");
  open.server.close();
  CHECK(bench.turn_until([&] { return bench.relay->connections() == 0; }));
  CHECK(bench.gate.log == Log{"GET /mcp", "200", "end"});
}

TEST_CASE("relay: a client's reset resets the server's connection") {
  RelayBench bench;
  OpenStream open(bench);
  open.client.reset();
  CHECK(open.server.receive_all().empty());
  CHECK(open.server.ending == "reset");
  CHECK(bench.turn_until([&] { return bench.relay->connections() == 0; }));
  CHECK(bench.gate.log == Log{"GET /mcp", "200", "end"});
}

TEST_CASE("relay: a client that has gone is noticed by a server that goes on sending") {
  RelayBench bench;
  OpenStream open(bench);
  open.client.close();
  CHECK(bench.turn_until([&] {
    open.server.send("5\r\nhello\r\n");
    return bench.relay->connections() == 0;
  }));
  CHECK(bench.gate.log.back() == "end");
}

TEST_CASE("relay: a client that has only ended its sending gets its answer") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(get));
  client.shut_down_sending();
  auto server = bench.server();
  CHECK(server.receive_all() == get);
  REQUIRE(server.send(answer));
  CHECK(client.receive_all() == answer);
  CHECK(client.ending == "eof");
  CHECK(bench.turn_until([&] { return bench.relay->connections() == 0; }));
}

TEST_CASE("relay: an idle connection that the server closes is closed for the client") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(get));
  auto server = bench.server();
  CHECK(server.receive(get.size()) == get);
  REQUIRE(server.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  server.close();
  CHECK(client.receive_all().empty());
  CHECK(client.ending == "eof");
  CHECK_FALSE(bench.has_connection());
}

TEST_CASE("relay: a client's end ends an idle connection to the server") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(get));
  auto server = bench.server();
  CHECK(server.receive(get.size()) == get);
  REQUIRE(server.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  client.close();
  CHECK(server.receive_all().empty());
  CHECK(bench.turn_until([&] { return bench.relay->connections() == 0; }));
}

TEST_CASE("relay: who does not read is not read for, and loses nothing") {
  HttpRelayOptions options;
  SUBCASE("with little for each") {
    options.max_buffered_bytes = 16UL * 1024;
  }
  SUBCASE("with nothing for all") {
    options.max_held_bytes = 0;
  }
  RelayBench bench(options);
  OpenStream open(bench);
  std::string bytes;
  while (bytes.size() < 48'000'000) {
    bytes +=
        "10000\r\n" + std::string(0x10000, static_cast<char>('a' + bytes.size() % 26)) + "\r\n";
  }
  // The kernel's buffers take some megabytes; the relay must not take the rest.
  auto sent = open.server.send_what_is_taken(bytes);
  CHECK(sent < 40'000'000);
  std::string got;
  while (got.size() < sent || sent < bytes.size()) {
    got += open.client.receive(1);
    got += open.client.receive_now();
    sent += open.server.send_what_is_taken(std::string_view(bytes).substr(sent));
  }
  CHECK(got == bytes);
}

TEST_CASE("relay: a slow client gets all of an answer behind which the server has closed") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(get));
  auto server = bench.server();
  CHECK(server.receive(get.size()) == get);
  const auto reply = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(1'000'000, 'a');
  const auto sent = server.send_what_is_taken(reply);
  server.close();
  for (int turns = 0; turns < 5; ++turns) bench.turn();
  CHECK(client.receive_all().size() == sent);
  CHECK(client.ending == "eof");
}

TEST_CASE("relay: a head that does not come in time is a 408, silence an end") {
  RelayBench bench({.header_timeout = 30ms});
  auto slow = bench.client();
  REQUIRE(slow.send("GET / HTTP/1.1\r\n"));
  CHECK(slow.receive_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  auto silent = bench.client();
  CHECK(silent.receive_all().empty());
  CHECK(silent.ending == "eof");
}

TEST_CASE("relay: heads that never end are held up to a limit for all connections") {
  RelayBench bench({.max_held_bytes = 100'000});
  const auto part = "GET / HTTP/1.1\r\nA: " + std::string(40'000, 'a');
  std::vector<RelayPeer> clients;
  for (int each = 0; each < 3; ++each) {
    clients.push_back(bench.client());
    REQUIRE(clients.back().send(part));
    for (int turns = 0; turns < 5; ++turns) bench.turn();
  }
  REQUIRE(clients[2].send("a"));
  CHECK(clients[2].receive_all().starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  clients[1].reset();
  CHECK(bench.turn_until([&] { return bench.relay->connections() <= 2; }));
  REQUIRE(clients[0].send("\r\n\r\n"));
  auto server = bench.server();
  CHECK(server.receive(part.size() + 4) == part + "\r\n\r\n");
}
