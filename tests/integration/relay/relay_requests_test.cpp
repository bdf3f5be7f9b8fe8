#include <doctest/doctest.h>

#include <string>

#include "tests/integration/relay/relay_bench.hpp"

using namespace mcp;

namespace {

using Log = std::vector<std::string>;

const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

/// The status that the relay itself gives; the server must not hear of such a request.
std::string refusal_of(const std::string& request) {
  RelayBench bench;
  auto client = bench.client();
  client.send(request);
  const auto got = client.receive_all();
  CHECK(client.ending == "eof");
  CHECK_FALSE(bench.has_connection());
  CHECK(bench.gate.log.empty());
  const auto body = got.find("\r\n\r\n");
  return got.substr(9, 3) + " " + (body == std::string::npos ? "" : got.substr(body + 4));
}

std::string with(const std::string& fields, const std::string& body = {}) {
  return "POST /mcp HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

}  // namespace

TEST_CASE("relay: what two readers may take for different requests is refused, and never passes") {
  const std::string twice = "400 it has both Transfer-Encoding and Content-Length\n";
  CHECK(refusal_of(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")) ==
        twice);
  CHECK(refusal_of(with("Transfer-Encoding: chunked\r\nContent-length: 3\r\n", "0\r\n\r\n")) ==
        twice);
  CHECK(refusal_of(with("Content-Length: 1\r\nContent-Length: 2\r\n", "ab")) ==
        "400 Content-Length is there twice\n");
  CHECK(refusal_of(with("Content-Length: 1, 1\r\n", "a")) == "400 Content-Length is no number\n");
  CHECK(refusal_of(with("Content-Length: +1\r\n", "a")) == "400 Content-Length is no number\n");
  CHECK(refusal_of(with("Content-Length: 0x1\r\n", "a")) == "400 Content-Length is no number\n");
  CHECK(refusal_of(with("Content-Length: 99999999999999999999\r\n", "a")) ==
        "400 Content-Length is no number\n");
  CHECK(refusal_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) ==
        "400 Transfer-Encoding is there twice\n");
  CHECK(refusal_of(with("Transfer-Encoding: chunked, identity\r\n")) ==
        "400 its Transfer-Encoding does not end chunked\n");
  CHECK(refusal_of(with("Transfer-Encoding: xchunked\r\n")) ==
        "400 its Transfer-Encoding does not end chunked\n");
  CHECK(refusal_of(with("Transfer-Encoding: gzip, chunked\r\n")) ==
        "501 only chunked is known as Transfer-Encoding\n");
  CHECK(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        "400 it has Transfer-Encoding and is HTTP/1.0\n");
  CHECK(refusal_of(with("Host: b\r\n")) == "400 Host is there twice\n");
}

TEST_CASE("relay: a header that is not one is refused, and never passes") {
  CHECK(refusal_of(with("Content-Length : 1\r\n", "a")) == "400 a header's name is not a token\n");
  CHECK(refusal_of(with("A: b\r\n Transfer-Encoding: chunked\r\n")) ==
        "400 a header line is folded\n");
  CHECK(refusal_of(with("A: b\nTransfer-Encoding: chunked\r\n")) ==
        "400 a line ends with a bare line feed\n");
  CHECK(refusal_of("GET / HTTP/1.1\nHost: a\n\n") == "400 a line ends with a bare line feed\n");
  CHECK(refusal_of(with("A: b\rTransfer-Encoding: chunked\r\n")) ==
        "400 a header's value has a control character\n");
  CHECK(refusal_of(with(std::string("A: \0\r\n", 6))) ==
        "400 a header's value has a control character\n");
  CHECK(refusal_of(with("nothing\r\n")) == "400 a header line has no colon\n");
  CHECK(refusal_of(with(": a\r\n")) == "400 a header's name is not a token\n");
  CHECK(refusal_of(with("A: " + std::string(70'000, 'a') + "\r\n")) ==
        "431 the request's header is too long\n");
}

TEST_CASE("relay: a first line that is no request is refused, and never passes") {
  CHECK(refusal_of("\x16\x03\x01\x02garbage\r\n\r\n") == "400 the first line is no request\n");
  CHECK(refusal_of("GET /\r\n\r\n") == "400 the first line is no request\n");
  CHECK(refusal_of("GET / HTTP/1.1 \r\n\r\n") == "400 the request's target is not one\n");
  CHECK(refusal_of("GET  / HTTP/1.1\r\n\r\n") == "400 the request's target is not one\n");
  CHECK(refusal_of("G(T / HTTP/1.1\r\n\r\n") == "400 the method is not a token\n");
  CHECK(refusal_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") ==
        "505 only HTTP/1.0 and 1.1 are relayed\n");
  CHECK(refusal_of("CONNECT a:443 HTTP/1.1\r\n\r\n") == "501 CONNECT is not relayed\n");
}

TEST_CASE("relay: pipelined requests wait until the answer before is whole") {
  RelayBench bench;
  auto client = bench.client();
  REQUIRE(client.send("\r\n" + get("/1") + get("/2") + "GET /3 HT"));
  auto server = bench.server();
  CHECK(server.receive(get("/1").size()) == get("/1"));
  CHECK(server.receive_now().empty());
  REQUIRE(server.send(answer.substr(0, answer.size() - 1)));
  CHECK(server.receive_now().empty());
  REQUIRE(server.send("o"));
  CHECK(server.receive(get("/2").size()) == get("/2"));
  REQUIRE(client.send("TP/1.1\r\nHost: a\r\n\r\n"));
  CHECK(server.receive_now().empty());
  REQUIRE(server.send(answer));
  CHECK(server.receive(get("/3").size()) == get("/3"));
  REQUIRE(server.send(answer));
  CHECK(client.receive(3 * answer.size()) == answer + answer + answer);
  CHECK(bench.gate.log ==
        Log{"GET /1", "200", "end", "GET /2", "200", "end", "GET /3", "200", "end"});
}

TEST_CASE("relay: a chunked request passes as it comes, byte by byte") {
  RelayBench bench;
  auto client = bench.client();
  const auto head = with("Transfer-Encoding: chunked\r\n");
  const std::string body = "3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\nT: v\r\n\r\n";
  REQUIRE(client.send(head));
  auto server = bench.server();
  CHECK(server.receive(head.size()) == head);
  for (const char byte : body) {
    REQUIRE(client.send({&byte, 1}));
    CHECK(server.receive(1) == std::string(1, byte));
  }
  REQUIRE(server.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  CHECK(bench.gate.log == Log{"POST /mcp", "200", "end"});
}

TEST_CASE("relay: a malformed chunk of a request is a 400, and cuts the server's connection") {
  for (const std::string broken : {"3\r\nabcX", "zz\r\n", "3\nabc", "1;\n\r\na\r\n", "\r\n"}) {
    CAPTURE(broken);
    RelayBench bench;
    auto client = bench.client();
    const auto head = with("Transfer-Encoding: chunked\r\n");
    REQUIRE(client.send(head));
    auto server = bench.server();
    CHECK(server.receive(head.size()) == head);
    REQUIRE(client.send(broken + "0\r\n\r\n" + get("/smuggled")));
    CHECK(client.receive_all().starts_with("HTTP/1.1 400 Bad Request\r\n"));
    const auto passed = server.receive_all();
    CHECK(server.ending == "reset");
    CHECK(passed.find("smuggled") == std::string::npos);
  }
}

TEST_CASE("relay: 100-continue is between client and server") {
  RelayBench bench;
  auto client = bench.client();
  const auto head = with("Content-Length: 3\r\nExpect: 100-continue\r\n");
  REQUIRE(client.send(head));
  auto server = bench.server();
  CHECK(server.receive(head.size()) == head);
  CHECK(client.receive_now().empty());
  const std::string go = "HTTP/1.1 100 Continue\r\n\r\n";
  REQUIRE(server.send(go));
  CHECK(client.receive(go.size()) == go);
  REQUIRE(client.send("abc"));
  CHECK(server.receive(3) == "abc");
  REQUIRE(server.send(answer));
  CHECK(client.receive(answer.size()) == answer);
}

TEST_CASE("relay: an answer that comes before the request is whole passes") {
  RelayBench bench;
  auto client = bench.client();
  const auto head = with("Content-Length: 6\r\n", "abc");
  REQUIRE(client.send(head));
  auto server = bench.server();
  CHECK(server.receive(head.size()) == head);
  REQUIRE(server.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  REQUIRE(client.send("def" + get("/next")));
  CHECK(server.receive(3 + get("/next").size()) == "def" + get("/next"));
  const std::string refused = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n";
  REQUIRE(server.send(refused));
  CHECK(client.receive(refused.size()) == refused);
}

TEST_CASE("relay: after an exchange that ends the connection nothing more is read") {
  for (const std::string first :
       {"GET /1 HTTP/1.0\r\n\r\n", "GET /1 HTTP/1.1\r\nConnection: x, Close\r\n\r\n"}) {
    RelayBench bench;
    auto client = bench.client();
    REQUIRE(client.send(first + get("/2")));
    auto server = bench.server();
    CHECK(server.receive(first.size()) == first);
    REQUIRE(server.send(answer));
    CHECK(client.receive_all() == answer);
    CHECK(server.receive_all().empty());
    CHECK(bench.gate.log == Log{"GET /1", "200", "end"});
  }
}

TEST_CASE("relay: an upgrade is a tunnel for as long as it stands") {
  RelayBench bench;
  auto client = bench.client();
  const auto request = with("Connection: Upgrade\r\nUpgrade: echo\r\n");
  REQUIRE(client.send(request + "early"));
  auto server = bench.server();
  CHECK(server.receive(request.size()) == request);
  CHECK(server.receive_now().empty());
  const std::string switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\nfirst";
  REQUIRE(server.send(switched));
  CHECK(client.receive(switched.size()) == switched);
  CHECK(server.receive(5) == "early");
  REQUIRE(client.send("GET nothing\n\n"));
  CHECK(server.receive(13) == "GET nothing\n\n");
  client.shut_down_sending();
  CHECK(server.receive_all().empty());
  REQUIRE(server.send("last"));
  server.close();
  CHECK(client.receive_all() == "last");
  CHECK(bench.gate.log == Log{"POST /mcp", "101", "end"});
}
