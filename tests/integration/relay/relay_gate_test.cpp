#include <doctest/doctest.h>

#include <string>

#include "tests/integration/relay/relay_bench.hpp"

using namespace mcp;

namespace {

using Log = std::vector<std::string>;

const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

std::string post(const std::string& body, const std::string& fields = {}) {
  return "POST /mcp HTTP/1.1\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

RelayVerdict refuse(const RelayedRequest& request) {
  if (request.target == "/ok") return {};
  return {.pass = false, .headers = {{"Retry-After", "1"}}, .body = "no"};
}

const std::string refused =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\nno";

}  // namespace

TEST_CASE("relay: a refused request is answered with a length, and the connection goes on") {
  RelayBench bench;
  bench.gate.wants_bodies = true;
  bench.gate.judge = refuse;
  auto client = bench.client();
  const std::string passes = "GET /ok HTTP/1.1\r\n\r\n";
  REQUIRE(client.send(post("{}") + post("{}") + passes));
  CHECK(client.receive(2 * refused.size()) == refused + refused);
  auto server = bench.server();
  CHECK(server.receive(passes.size()) == passes);
  REQUIRE(server.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  CHECK(bench.gate.log == Log{"POST /mcp {}", "POST /mcp {}", "GET /ok", "200", "end"});
}

TEST_CASE("relay: a refusal ends the connection where the body is not read, or the gate says so") {
  RelayBench bench;
  bench.gate.judge = refuse;
  auto unread = bench.client();
  REQUIRE(unread.send(post("{}")));
  CHECK(unread.receive_all() ==
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 2\r\n"
        "Connection: close\r\n\r\nno");
  bench.gate.wants_bodies = true;
  bench.gate.judge = [](const RelayedRequest&) {
    return RelayVerdict{.pass = false, .status = 503, .headers = {{"Connection", "close"}}};
  };
  auto told = bench.client();
  REQUIRE(told.send(post("{}")));
  CHECK(told.receive_all() ==
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  CHECK_FALSE(bench.has_connection());
}

TEST_CASE("relay: a body that its gate asks for is held until it is whole, then passes unchanged") {
  RelayBench bench;
  bench.gate.wants_bodies = true;
  auto client = bench.client();
  const auto request = post("{\"method\":\"x\"}");
  for (const char byte : request.substr(0, request.size() - 1)) REQUIRE(client.send({&byte, 1}));
  CHECK_FALSE(bench.has_connection());
  CHECK(bench.gate.log.empty());
  REQUIRE(client.send(request.substr(request.size() - 1)));
  auto server = bench.server();
  CHECK(server.receive(request.size()) == request);
  CHECK(bench.gate.log == Log{"POST /mcp {\"method\":\"x\"}"});
}

TEST_CASE("relay: a gate sees a chunked body without its chunks") {
  RelayBench bench;
  bench.gate.wants_bodies = true;
  auto client = bench.client();
  const std::string request =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nT: "
      "v\r\n\r\n";
  REQUIRE(client.send(request));
  auto server = bench.server();
  CHECK(server.receive(request.size()) == request);
  CHECK(bench.gate.log == Log{"POST / abcde"});
}

TEST_CASE("relay: a body that is too long for its gate passes unseen") {
  const std::string chunked = "POST /mcp HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n80\r\n" +
                              std::string(0x80, 'a') + "\r\n0\r\n\r\n";
  for (const auto& request : {post(std::string(101, 'a')), chunked}) {
    RelayBench bench({.max_inspected_bytes = 100});
    bench.gate.wants_bodies = true;
    auto client = bench.client();
    REQUIRE(client.send(request));
    auto server = bench.server();
    CHECK(server.receive(request.size()) == request);
    CHECK(bench.gate.log == Log{"POST /mcp"});
  }
}

TEST_CASE("relay: a client that waits for 100 is told to send what the gate wants to see") {
  RelayBench bench;
  bench.gate.wants_bodies = true;
  auto client = bench.client();
  const auto request = post("{}", "Expect: 100-continue\r\n");
  REQUIRE(client.send(request.substr(0, request.size() - 2)));
  CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(client.send("{}"));
  auto server = bench.server();
  CHECK(server.receive(request.size()) == request);
}

TEST_CASE("relay: a cut ends both connections of a request with a reset") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send("GET / HTTP/1.1\r\n\r\n"));
  auto server = bench.server();
  CHECK(server.receive_until("\r\n\r\n") == "GET / HTTP/1.1\r\n\r\n");
  bench.relay->cut(bench.gate.last_id);
  CHECK(bench.gate.log == Log{"GET /", "end"});
  client.receive_all();
  server.receive_all();
  CHECK(client.ending == "reset");
  CHECK(server.ending == "reset");
  CHECK(bench.turn_until([&] { return bench.relay->connections() == 0; }));
}
