#include <doctest/doctest.h>

#include <string>

#include "tests/integration/io/lane_bench.hpp"
#include "tests/integration/io/raw_server.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

RawServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) {
    while (!connection.read_request().empty()) connection.send(bytes);
  };
}

/// What is said of a server that sends `bytes` and leaves the connection open.
Error failure_of(const std::string& bytes, HttpRequest request = {}) {
  const RawServer server(always(bytes));
  LaneBench bench;
  request.url = server.url();
  request.deadline = Clock::now() + 5s;
  auto error = bench.run(request).error();
  CHECK(bench.http->connections() == 0);
  const auto at = error.message.find(server.address());
  if (at != std::string::npos) error.message.replace(at, server.address().size(), "ADDRESS");
  return error;
}

Error usage_of(HttpRequest request) {
  request.url = "http://127.0.0.1:1/";
  LaneBench bench;
  auto error = bench.run(std::move(request)).error();
  CHECK(error.kind == ErrorKind::usage);
  return error;
}

}  // namespace

TEST_CASE("lean: what the other engine is for is refused, and says so") {
  const auto loop = make_tested_loop();
  const auto http2 = make_lean_http(*loop, {.version = HttpVersion::http2});
  REQUIRE_FALSE(http2.has_value());
  CHECK(http2.error().kind == ErrorKind::usage);
  CHECK(http2.error().message == "the lean engine speaks HTTP/1.1 only");
  CHECK(usage_of({.max_redirects = 3}).message ==
        "the lean engine follows no redirects (max_redirects)");
  CHECK(usage_of({.headers = {{"Accept-Encoding", "gzip"}}}).message ==
        "the lean engine does not unpack answers: Accept-Encoding cannot be sent");
}

TEST_CASE("lean: a packed answer is not taken for its content") {
  const auto error =
      failure_of("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd");
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.message ==
        "the answer of ADDRESS cannot be read: it is packed, which was not asked for");
}

TEST_CASE("lean: an answer whose length is told in two ways is refused") {
  for (const std::string fields :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3, 4\r\n",
        "Content-Length: -3\r\n", "Content-Length: +3\r\n", "Content-Length: 3x\r\n",
        "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    CAPTURE(fields);
    const auto error = failure_of("HTTP/1.1 200 OK\r\n" + fields + "\r\n3\r\nabc\r\n0\r\n\r\n");
    CHECK(error.kind == ErrorKind::http);
    CHECK_MESSAGE(error.message.starts_with("the answer of ADDRESS cannot be read: "),
                  error.message);
  }
}

TEST_CASE("lean: what cannot be a header or a chunk is refused") {
  for (const std::string bytes :
       {"HTTP/1.1 200 OK\r\nX : y\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\x01z\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 101 Switching\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"}) {
    CAPTURE(bytes);
    const auto error = failure_of(bytes);
    CHECK(error.kind == ErrorKind::http);
    CHECK_MESSAGE(error.message.starts_with("the answer of ADDRESS cannot be read: "),
                  error.message);
  }
}

TEST_CASE("lean: a chunk's extension without end stops at the header's bound") {
  const auto error =
      failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;" + std::string(5000, 'x'),
                 {.max_header_bytes = 1000});
  CHECK(error.message ==
        "the answer of ADDRESS cannot be read: a chunk's header or the trailers are too long");
}

TEST_CASE("lean: chunks with extensions and trailers, cut anywhere, are one body") {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n1;x\r\n \r\n"
      "005\r\nworld\r\n0\r\nX-Trailer: Content-Length: 7\r\n\r\n";
  for (std::size_t cut = 1; cut < answer.size(); cut += 3) {
    const RawServer server([&](RawConnection& connection, int) {
      while (!connection.read_request().empty()) {
        connection.send(answer.substr(0, cut));
        std::this_thread::sleep_for(1ms);
        connection.send(answer.substr(cut));
      }
    });
    LaneBench bench;
    CHECK(bench.run({.url = server.url()}).body == "hello world");
    CHECK(bench.run({.url = server.url()}).body == "hello world");
    CHECK(server.connections() == 1);
  }
}

TEST_CASE("lean: answers that have no body end with their head, whatever that says") {
  const auto answers = [](const std::string& head, const std::string& method) {
    const RawServer server(always(head));
    LaneBench bench;
    for (int round = 0; round < 2; ++round) {
      const auto seen = bench.run({.method = method, .url = server.url()});
      CHECK(seen.succeeded());
      CHECK(seen.body.empty());
    }
    CHECK(server.connections() == 1);
  };
  answers("HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n", "HEAD");
  answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HEAD");
  answers("HTTP/1.1 204 No Content\r\n\r\n", "DELETE");
  answers("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "GET");
}

TEST_CASE("lean: bytes behind an answer are nobody's answer, and end the connection") {
  const RawServer server(
      always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: "
             "3\r\n\r\nbad"));
  LaneBench bench;
  CHECK(bench.run({.url = server.url()}).body == "ok");
  CHECK(bench.run({.url = server.url()}).body == "ok");
  CHECK(server.connections() == 2);
  REQUIRE(bench.lane.cuts.size() == 2);
  CHECK(bench.lane.cuts[0].by == LaneCut::By::garbage);
}

TEST_CASE("lean: an answer that comes before the request is sent is heard") {
  const RawServer server([](RawConnection& connection, int) {
    connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
    connection.wait_without_reading();
  });
  LaneBench bench;
  const auto seen = bench.run({.url = server.url(), .body = std::string(30'000'000, 'x')});
  REQUIRE(seen.succeeded());
  CHECK(seen.head->status == 413);
  CHECK(seen.body == "big");
  CHECK(bench.http->connections() == 0);  // the rest was not sent
}

TEST_CASE("lean: fields that would break the framing are refused") {
  CHECK(usage_of({.headers = {{"Transfer-Encoding", "chunked"}}}).message ==
        "header \"Transfer-Encoding\" cannot be sent by the lean engine");
  CHECK(usage_of({.headers = {{"Content-Length", "5"}}, .body = "four"}).message ==
        "header \"Content-Length\" is not the length of the body");
  CHECK(usage_of({.method = "GET / HTTP/1.1\r\nX:"}).message.ends_with("is not a method"));
}

TEST_CASE("lean: a prepared request is sent as it stands at that moment") {
  const RawServer server([](RawConnection& connection, int) {
    for (auto request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      connection.answer("200 OK", "", request.substr(request.size() - 8));
    }
  });
  LaneBench bench;
  auto prepared =
      prepare({.url = server.url(), .headers = {{"X", "y"}}, .body = "{\"id\":1}"}, "bench/1");
  REQUIRE(prepared.has_value());
  CHECK(prepared->bytes == "POST /mcp HTTP/1.1\r\nHost: " + server.address() +
                               "\r\nUser-Agent: bench/1\r\nX: y\r\nContent-Length: 8\r\n\r\n"
                               "{\"id\":1}");
  for (const char id : {'1', '2'}) {
    prepared->bytes[prepared->bytes.size() - 2] = id;
    RecordedExchange seen;
    const auto exchange = bench.http->start_prepared(*prepared, Clock::now() + 5s, seen);
    REQUIRE(turn_until(*bench.loop, [&] { return seen.finished(); }));
    CHECK(seen.body == std::string("{\"id\":") + id + "}");
  }
  CHECK(server.connections() == 1);
  const auto bad = prepare({.url = "nonsense"}, "");
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().kind == ErrorKind::usage);
}

TEST_CASE("lean: a connection that was made ahead serves the first exchange") {
  const RawServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  LaneBench bench;
  RecordedExchange made;
  const auto exchange = bench.http->start_connect({.url = server.url()}, made);
  REQUIRE(turn_until(*bench.loop, [&] { return made.finished(); }));
  CHECK(made.succeeded());
  CHECK(bench.run({.url = server.url()}).body == "ok");
  CHECK(server.connections() == 1);
}
