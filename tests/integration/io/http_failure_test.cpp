#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>

#include "tests/integration/io/raw_server.hpp"
#include "tests/integration/io/recorded_exchange.hpp"
#include "tests/integration/io/scripted_names.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// What the client says of a server that sends `bytes` after the request and closes; ADDRESS
/// stands for the server's.
Error failure_of(std::string bytes, HttpRequest request = {}) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_request();
    connection.send(bytes);
  });
  HttpBench bench;
  request.url = server.url();
  auto error = bench.run(request).error();
  const auto at = error.message.find(server.address());
  if (at != std::string::npos) error.message.replace(at, server.address().size(), "ADDRESS");
  return error;
}

/// The same, of a server that resets the connection.
std::string reset_after(std::string bytes) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_request();
    connection.send(bytes);
    std::this_thread::sleep_for(20ms);  // a reset overtakes what is still under way
    connection.reset();
  });
  HttpBench bench;
  const auto error = bench.run({.url = server.url()}).error();
  CHECK(error.kind == ErrorKind::http);
  auto message = error.message;
  const auto at = message.find(server.address());
  if (at != std::string::npos) message.replace(at, server.address().size(), "ADDRESS");
  return message;
}

/// A deflate stream (RFC 1951, fixed codes) that unpacks to 258 zeros for each 13 bits.
std::string zeros_in_gzip(std::size_t matches) {
  std::string bytes("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  unsigned pending = 0;
  int bits = 0;
  const auto put = [&](std::uint32_t value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      pending |= ((value >> i) & 1U) << bits;
      if (++bits == 8) {
        bytes.push_back(static_cast<char>(pending));
        pending = 0;
        bits = 0;
      }
    }
  };
  put(1, 1);                                                           // the last block
  put(0b10, 2);                                                        // fixed codes, low bit first
  put(0b00110000, 8);                                                  // a literal zero
  for (std::size_t i = 0; i < matches; ++i) put(0b1100010100000, 13);  // length 258, distance 1
  return bytes;
}

}  // namespace

TEST_CASE("http: a port that nobody listens on") {
  std::string address;
  {
    const RawServer server([](RawConnection&, int) {});
    address = server.address();
  }
  HttpBench bench;
  const auto error = bench.run({.url = "http://" + address + "/mcp?token=secret"}).error();
  CHECK(error.kind == ErrorKind::connect);
  CHECK(error.message == "cannot connect to " + address + ": Connection refused");
  CHECK(error.hint == "is the server running, and on this port?");
}

TEST_CASE("http: a name that does not exist") {
  HttpBench bench;
  const auto error = bench.run({.url = "http://unknown.test:81/"}).error();
  CHECK(error.kind == ErrorKind::resolve);
  CHECK(error.message == "cannot resolve unknown.test");
  CHECK(error.hint == "check the name, or give its address: --resolve unknown.test:81:ADDRESS");
}

TEST_CASE("http: a connection that is closed without an answer, or in the middle of one") {
  const auto nothing = failure_of("");
  CHECK(nothing.kind == ErrorKind::http);
  CHECK(nothing.message == "ADDRESS closed the connection without an answer");
  CHECK(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").message ==
        "ADDRESS closed the connection in the middle of the body, after 3 bytes");
  CHECK(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab").message ==
        "ADDRESS closed the connection in the middle of the body, after 2 bytes");
}

TEST_CASE("http: a connection that is reset") {
  CHECK(reset_after("") == "ADDRESS broke off the connection without an answer");
  CHECK(reset_after("HTTP/1.1 200 OK\r\nX: y\r\n") ==
        "ADDRESS broke off the connection in the middle of the header");
  CHECK(reset_after("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcd") ==
        "ADDRESS broke off the connection in the middle of the body, after 4 bytes");
}

TEST_CASE("http: what is not HTTP is told as that") {
  for (const std::string bytes : {"SSH-2.0-OpenSSH_9.2\r\n", "220 smtp.test ESMTP\r\n", "{}\n"}) {
    const auto error = failure_of(bytes);
    CHECK(error.kind == ErrorKind::http);
    CHECK_MESSAGE(error.message.starts_with("ADDRESS does not speak HTTP"), error.message);
  }
}

TEST_CASE("http: a malformed body is told as that") {
  const auto chunk = failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  CHECK(chunk.kind == ErrorKind::http);
  CHECK_MESSAGE(chunk.message.starts_with("the answer of ADDRESS cannot be read"), chunk.message);
  const auto packed =
      failure_of("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd");
  CHECK(packed.kind == ErrorKind::http);
  CHECK_MESSAGE(packed.message.starts_with("the answer of ADDRESS cannot be read"), packed.message);
}

// The lean engine unpacks nothing: lean_http_test.cpp.
TEST_CASE("http: packed bodies are unpacked, though they were not asked for" *
          doctest::skip(tests_lean_engine)) {
  // printf hello | gzip -n | xxd -p
  constexpr std::array<unsigned char, 25> hello = {
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd,
      0xc9, 0xc9, 0x07, 0x00, 0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00};
  const std::string packed(hello.begin(), hello.end());
  std::string asked;
  const RawServer server([&](RawConnection& connection, int) {
    asked = connection.read_request();
    connection.answer("200 OK", "Content-Encoding: gzip\r\n", packed);
  });
  HttpBench bench;
  CHECK(bench.run({.url = server.url()}).body == "hello");
  CHECK_FALSE(contains(asked, "Accept-Encoding"));
  const auto asking = bench.run({.url = server.url(), .headers = {{"Accept-Encoding", "gzip"}}});
  CHECK(asking.body == "hello");
  CHECK(contains(asked, "\r\nAccept-Encoding: gzip\r\n"));
}

TEST_CASE("http: the bound on a body names itself, whether the size is announced or not") {
  const HttpRequest small{.max_body_bytes = 1000};
  const std::string body(1001, 'x');
  const auto announced =
      failure_of("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + body, small);
  CHECK(announced.kind == ErrorKind::limit);
  CHECK(announced.message == "the answer has 1001 bytes, more than 1000 (max_body_bytes)");
  const auto streamed = failure_of("HTTP/1.1 200 OK\r\n\r\n" + body, small);
  CHECK(streamed.kind == ErrorKind::limit);
  CHECK(streamed.message == "the answer is larger than 1000 bytes when unpacked (max_body_bytes)");
  CHECK(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body, small).message == "");
}

TEST_CASE("http: a body that unpacks to gigabytes stops at the bound" *
          doctest::skip(tests_lean_engine)) {
  const auto packed = zeros_in_gzip(4'000'000);  // 6.5 MB, unpacks to 1 GB
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_request();
    connection.answer("200 OK", "Content-Encoding: gzip\r\n", packed);
  });
  HttpBench bench;
  constexpr std::size_t bound = 10'000'000;
  const auto seen = bench.run({.url = server.url(), .max_body_bytes = bound});
  CHECK(seen.error().kind == ErrorKind::limit);
  CHECK(seen.body.size() <= bound);
  CHECK(seen.body.size() > bound - 100'000);
  CHECK(seen.body.find_first_not_of('\0') == std::string::npos);
}

TEST_CASE("http: the bound on a header names itself") {
  HttpRequest small{.max_header_bytes = 500};
  std::string fields;
  for (int i = 0; i < 50; ++i) fields += "X-Field: 0123456789\r\n";
  const auto many = failure_of("HTTP/1.1 200 OK\r\n" + fields + "\r\n", small);
  CHECK(many.kind == ErrorKind::limit);
  CHECK(many.message == "the answer's header is larger than 500 bytes (max_header_bytes)");
  const auto line = failure_of("HTTP/1.1 200 OK\r\nX: " + std::string(300'000, 'x') + "\r\n\r\n");
  CHECK(line.kind == ErrorKind::limit);
  // The bound of a line is libcurl's own.
  CHECK(line.message == (tests_lean_engine
                             ? "the answer's header is larger than 262144 bytes (max_header_bytes)"
                             : "a header field of ADDRESS is longer than 100 KiB"));
}

TEST_CASE("http: early hints without end stop at the header's bound") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    while (connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")) {
    }
  });
  HttpBench bench;
  CHECK(bench.run({.url = server.url()}).error().kind == ErrorKind::limit);
}

TEST_CASE("http: a kept connection that the server has closed is replaced, and that is told") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    connection.answer("200 OK", "", "ok");
  });
  HttpBench bench;
  CHECK(bench.run({.url = server.url()}).timings().new_connection);
  // libcurl looks at the socket, and sends again what met a closed one. The lean engine does not
  // send twice unless it may: it must have been told.
  if (tests_lean_engine) {
    const auto& lane = dynamic_cast<const Lane&>(*bench.http);
    REQUIRE(turn_until(*bench.loop, [&] { return lane.connections() == 0; }));
  }
  const auto second = bench.run({.url = server.url()});
  REQUIRE(second.succeeded());
  CHECK(second.timings().new_connection);
  CHECK(server.connections() == 2);
}
