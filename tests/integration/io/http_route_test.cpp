#include <doctest/doctest.h>

#include <atomic>
#include <string>

#include "tests/integration/io/environment_variable.hpp"
#include "tests/integration/io/raw_server.hpp"
#include "tests/integration/io/recorded_exchange.hpp"

using namespace mcp;

namespace {

/// Answers each request with its first two lines.
void echo_head(RawConnection& connection, int) {
  for (auto request = connection.read_request(); !request.empty();
       request = connection.read_request()) {
    connection.answer("200 OK", "", request.substr(0, request.find('\n', request.find('\n') + 1)));
  }
}

/// The lean engine goes through a tunnel, so that its bytes are the same with a proxy and without.
constexpr const char* through_proxy = tests_lean_engine
                                          ? "POST / HTTP/1.1\r\nHost: mcp.test\r"
                                          : "POST http://mcp.test/ HTTP/1.1\r\nHost: mcp.test\r";
constexpr const char* directly = "POST / HTTP/1.1\r\nHost: mcp.test\r";

}  // namespace

TEST_CASE("route: resolve gives a name's address without asking anybody") {
  const RawServer server(echo_head);
  const auto port = std::to_string(server.port());
  HttpBench bench({.no_proxy = true, .resolve = {"mcp.test:" + port + ":127.0.0.1"}});
  const auto seen = bench.run({.url = "http://mcp.test:" + port});
  CHECK(seen.body == "POST / HTTP/1.1\r\nHost: mcp.test:" + port + "\r");
  CHECK(seen.timings().peer_address == server.address());
}

TEST_CASE("route: connect_to leads to another host and port, the Host field stays") {
  const RawServer server(echo_head);
  HttpBench bench({.no_proxy = true, .connect_to = {"mcp.test:80:" + server.address()}});
  CHECK(bench.run({.url = "http://mcp.test"}).body == directly);
}

TEST_CASE("route: through the proxy that was named, else the environment's, unless without any") {
  std::atomic<int> tunnels = 0;
  const RawServer proxy([&](RawConnection& connection, int number) {
    if (tests_lean_engine && number < 2) {
      tunnels += connection.read_request().starts_with("CONNECT mcp.test:80 HTTP/1.1\r\n");
      connection.send("HTTP/1.1 200 Go ahead\r\n\r\n");
    }
    echo_head(connection, number);
  });
  CHECK(HttpBench({.proxy = "http://" + proxy.address()}).run({.url = "http://mcp.test"}).body ==
        through_proxy);
  const EnvironmentVariable variable("http_proxy", "http://" + proxy.address());
  CHECK(HttpBench(HttpOptions{}).run({.url = "http://mcp.test"}).body == through_proxy);
  HttpBench without({.no_proxy = true, .connect_to = {"mcp.test:80:" + proxy.address()}});
  CHECK(without.run({.url = "http://mcp.test"}).body == directly);
  CHECK(tunnels == (tests_lean_engine ? 2 : 0));
}

TEST_CASE("route: a proxy that refuses the tunnel is told with its status, without its password") {
  const RawServer proxy([](RawConnection& connection, int) {
    connection.read_request();
    connection.answer("407 Proxy Authentication Required", "", "no");
  });
  HttpBench bench({.proxy = "http://user:secret@" + proxy.address()});
  const auto error = bench.run({.url = "https://mcp.test"}).error();
  CHECK(error.kind == ErrorKind::connect);
  CHECK(error.message == "the proxy answered 407 when asked for mcp.test:443");
  CHECK(error.hint == "the proxy wants a user name and password");
}

TEST_CASE("route: a proxy that nobody listens at does not show its password") {
  HttpBench bench({.proxy = "http://user:secret@127.0.0.1:1"});
  const auto error = bench.run({.url = "http://mcp.test"}).error();
  CHECK(error.kind == ErrorKind::connect);
  CHECK(error.message == "cannot connect to mcp.test:80 at 127.0.0.1:1: Connection refused");
}

TEST_CASE("route: a Unix socket that is not there is named") {
  HttpBench bench({.no_proxy = true, .unix_socket = "/no/such/socket"});
  const auto error = bench.run({.url = "http://mcp.test"}).error();
  CHECK(error.kind == ErrorKind::connect);
  CHECK(error.message ==
        "cannot connect to Unix socket \"/no/such/socket\": No such file or directory");
}

TEST_CASE("route: a resolve entry that makes no sense is an error of usage") {
  HttpBench bench({.no_proxy = true, .resolve = {"nonsense"}});
  const auto error = bench.run({.url = "http://127.0.0.1:1"}).error();
  CHECK(error.kind == ErrorKind::usage);
  CHECK(error.message.find("nonsense") != std::string::npos);
}
