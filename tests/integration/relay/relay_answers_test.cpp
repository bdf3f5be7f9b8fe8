#include <doctest/doctest.h>

#include <string>

#include "tests/integration/relay/relay_bench.hpp"

using namespace mcp;

namespace {

const std::string get = "GET /mcp HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";
const std::string post = "POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

using Log = std::vector<std::string>;

std::string large(std::size_t size) {
  std::string bytes(size, '\0');
  unsigned state = 1;
  for (auto& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24U);
  }
  return bytes;
}

/// One exchange with an answer after which the connection must be as good as new.
void check_kept(const std::string& request, const std::string& bytes) {
  CAPTURE(bytes);
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(request));
  auto server = bench.server();
  CHECK(server.receive(request.size()) == request);
  REQUIRE(server.send(bytes));
  CHECK(client.receive(bytes.size()) == bytes);
  REQUIRE(client.send(post));
  CHECK(server.receive(post.size()) == post);
  REQUIRE(server.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  CHECK(bench.gate.log.size() == 6);
}

/// What the client gets of an answer behind which the server closes, and how it ends.
std::string of_answer(const std::string& bytes, bool reset = false) {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(post));
  auto server = bench.server();
  CHECK(server.receive(post.size()) == post);
  REQUIRE(server.send(bytes));
  auto got = client.receive(bytes.size() / 2);
  if (reset) {
    server.reset();
  } else {
    server.close();
  }
  got += client.receive_all();
  CHECK(bench.gate.log.back() == "end");
  return client.ending + " " + got;
}

}  // namespace

TEST_CASE("relay: an event stream passes byte for byte, each piece at once") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(get));
  auto server = bench.server();
  CHECK(server.receive(get.size()) == get);
  const std::string head =
      "HTTP/1.1 200 OK\r\ncontent-TYPE:text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  REQUIRE(server.send(head));
  CHECK(client.receive(head.size()) == head);
  CHECK(bench.gate.log == Log{"GET /mcp", "200"});
  const std::string piece = "1a;quoted=\"x\"\r\ndata: abcdefghijklmnopqr\n\n\r\n";
  for (const char byte : piece) {
    REQUIRE(server.send({&byte, 1}));
    CHECK(client.receive(1) == std::string(1, byte));
  }
  const std::string last = "0\r\nTrailer: yes\r\n\r\n";
  REQUIRE(server.send(last));
  CHECK(client.receive(last.size()) == last);
  CHECK(bench.gate.log == Log{"GET /mcp", "200", "end"});
}

TEST_CASE("relay: megabytes pass unchanged both ways") {
  RelayBench bench;
  const auto bytes = large(5'000'000);
  const auto request = "POST / HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n" + bytes;
  const auto reply = "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + bytes;
  auto client = bench.client();
  std::size_t sent = client.send_what_is_taken(request);
  auto server = bench.server();
  std::string got;
  while (got.size() < request.size()) {
    got += server.receive(1);
    got += server.receive_now();
    sent += client.send_what_is_taken(std::string_view(request).substr(sent));
  }
  CHECK(got == request);
  got.clear();
  sent = 0;
  while (got.size() < reply.size()) {
    sent += server.send_what_is_taken(std::string_view(reply).substr(sent));
    got += client.receive_now();
  }
  CHECK(got == reply);
}

TEST_CASE("relay: a connection is kept after every kind of answer that has an end") {
  check_kept(post, answer);
  check_kept(get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  check_kept(get, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  check_kept(get, "HTTP/1.1 204 No Content\r\n\r\n");
  check_kept(get, "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n");
  check_kept("HEAD / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n");
  check_kept(get, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer);
}

TEST_CASE("relay: an answer that is cut is seen cut the same way") {
  const std::string counted = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc";
  CHECK(of_answer(counted) == "eof " + counted);
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc";
  CHECK(of_answer(chunked) == "eof " + chunked);
  CHECK(of_answer("HTTP/1.1 200 OK\r\nConte").starts_with("eof "));
  CHECK(of_answer("").starts_with("eof "));
  CHECK(of_answer(counted, true).starts_with("reset "));
  CHECK(of_answer(chunked, true).starts_with("reset "));
}

TEST_CASE("relay: an answer without a length ends with the connection") {
  const std::string endless = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nabcdef";
  CHECK(of_answer(endless) == "eof " + endless);
  const std::string closing = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdef";
  CHECK(of_answer(closing) == "eof " + closing);
}

TEST_CASE("relay: an answer that is not HTTP is a 502 that says so") {
  const auto check = [](const std::string& bytes, const std::string& reason) {
    const auto got = of_answer(bytes);
    CHECK(got.starts_with("eof HTTP/1.1 502 Bad Gateway\r\n"));
    CHECK(got.ends_with("\r\n\r\nthe server's answer is malformed: " + reason + "\n"));
  };
  check("SSH-2.0-OpenSSH_9.2\r\n\r\n", "it is not HTTP/1.x");
  check("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "a line ends with a bare line feed");
  check("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "Content-Length is there twice");
  check("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "it has both Transfer-Encoding and Content-Length");
  check("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "a header line is folded");
  check("HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "it switches protocols, which nobody asked for");
  check("HTTP/1.1 200 OK\r\nA: " + std::string(70'000, 'a'), "its header is too long");
}

TEST_CASE("relay: a chunk that is none ends both connections where it stands") {
  const auto got = of_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX");
  CHECK(got.starts_with("reset "));
  CHECK(got.find('X') == std::string::npos);
}

TEST_CASE("relay: bytes behind an answer are not taken for the next answer") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send(post));
  auto server = bench.server();
  CHECK(server.receive(post.size()) == post);
  REQUIRE(server.send(answer + answer));
  CHECK(client.receive_all() == answer);
  CHECK(client.ending == "eof");
}
