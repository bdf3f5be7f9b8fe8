#include <doctest/doctest.h>

#include <string>

#include "tests/integration/io/raw_server.hpp"
#include "tests/integration/io/recorded_exchange.hpp"

using namespace mcp;

namespace {

/// Redirects /old to `location`; answers anything else with the request's bytes.
RawServer::Script redirecting(const std::string& status, const std::string& location) {
  return [=](RawConnection& connection, int) {
    for (auto request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      const auto line = request.substr(0, request.find('\r'));
      if (line.find("/old") == std::string::npos) {
        connection.answer("200 OK", "", request);
      } else {
        connection.answer(status, "Location: " + location + "\r\n", "moved");
      }
    }
  };
}

HttpRequest following(const RawServer& server) {
  return {.url = server.url("/old"),
          .headers = {{"Authorization", "Bearer secret"}, {"Content-Type", "application/json"}},
          .body = "{}",
          .max_redirects = 3};
}

}  // namespace

TEST_CASE("redirect: off by default, the answer is shown as it is") {
  const RawServer server(redirecting("307 Temporary Redirect", "/new"));
  HttpBench bench;
  const auto seen = bench.run({.url = server.url("/old")});
  CHECK(seen.head->status == 307);
  CHECK(*seen.head->find("location") == "/new");
  CHECK(seen.body == "moved");
}

TEST_CASE("redirect: within the origin the same request is sent again, only its answer is shown") {
  for (const std::string status : {"301 Moved", "302 Found", "307 Temp", "308 Permanent"}) {
    const RawServer server(redirecting(status, "/new?x=1"));
    HttpBench bench;
    const auto seen = bench.run(following(server));
    REQUIRE(seen.succeeded());
    CHECK(seen.head->status == 200);
    CHECK(seen.body.starts_with("POST /new?x=1 HTTP/1.1\r\n"));
    CHECK(seen.body.ends_with("\r\n\r\n{}"));
    CHECK(seen.body.find("Authorization: Bearer secret") != std::string::npos);
    CHECK(server.connections() == 1);
  }
}

TEST_CASE("redirect: 303 is followed with GET") {
  const RawServer server(redirecting("303 See Other", "new"));
  HttpBench bench;
  const auto seen = bench.run(following(server));
  REQUIRE(seen.succeeded());
  CHECK(seen.body.starts_with("GET /new HTTP/1.1\r\n"));
}

TEST_CASE("redirect: to another origin it is refused, which names the origin and sends nothing") {
  const RawServer other(redirecting("200 OK", ""));
  const RawServer server(redirecting("307 Temporary Redirect", other.url("/new?code=secret")));
  HttpBench bench;
  const auto seen = bench.run(following(server));
  CHECK(seen.error().kind == ErrorKind::http);
  CHECK(seen.error().message == server.address() + " redirects to another origin, \"http://" +
                                    other.address() + "\": not followed");
  CHECK_FALSE(seen.head);
  CHECK(other.connections() == 0);
}

TEST_CASE("redirect: from http to https of the same host is another origin") {
  const RawServer server(redirecting("301 Moved", "https://127.0.0.1/new"));
  HttpBench bench;
  CHECK(bench.run(following(server)).error().message ==
        server.address() + " redirects to another origin, \"https://127.0.0.1:443\": not followed");
}

TEST_CASE("redirect: to what is no URL for us it is refused") {
  const RawServer server(redirecting("302 Found", "file:///etc/passwd"));
  HttpBench bench;
  const auto error = bench.run(following(server)).error();
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.message ==
        server.address() + " redirects to \"file:///etc/passwd\", which is not a URL for us");
}

TEST_CASE("redirect: a circle ends at the bound") {
  const RawServer server(redirecting("307 Temporary Redirect", "/old"));
  HttpBench bench;
  const auto error = bench.run(following(server)).error();
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.message == server.address() + " redirects more than 3 times (max_redirects)");
}
