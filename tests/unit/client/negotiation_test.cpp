#include "mcp/client/negotiation.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace mcp {
namespace {

constexpr Attempt http_modern{TransportKind::streamable_http, Era::modern};
constexpr Attempt http_legacy{TransportKind::streamable_http, Era::legacy};
constexpr Attempt sse_legacy{TransportKind::http_sse, Era::legacy};
constexpr Attempt stdio_modern{TransportKind::stdio, Era::modern};
constexpr Attempt stdio_legacy{TransportKind::stdio, Era::legacy};

Negotiation for_url(ProtocolChoice protocol = {},
                    TransportChoice transport = TransportChoice::automatic,
                    std::optional<EraMemory> memory = {}) {
  return *Negotiation::plan(true, transport, protocol, memory);
}

Negotiation for_command(ProtocolChoice protocol = {}) {
  return *Negotiation::plan(false, TransportChoice::automatic, protocol, {});
}

Error http_error(int status) {
  return {
      .kind = ErrorKind::http, .message = "HTTP " + std::to_string(status), .http_status = status};
}

Error rpc_error(std::int64_t code, std::optional<int> status = {}) {
  return {.kind = ErrorKind::rpc, .message = "rpc", .http_status = status, .rpc_code = code};
}

TEST_CASE("negotiation: a URL is first asked the modern way") {
  CHECK(for_url().current() == http_modern);
  CHECK(for_command().current() == stdio_modern);
}

TEST_CASE("negotiation: a 400 without a modern error leads to initialize at the same URL") {
  auto negotiation = for_url();
  REQUIRE(negotiation.advance(http_error(400), FailedAt::handshake));
  CHECK(negotiation.current() == http_legacy);
}

TEST_CASE("negotiation: initialize refused with 400, 404 or 405 leads to the GET of HTTP+SSE") {
  for (const int status : {400, 404, 405}) {
    CAPTURE(status);
    auto negotiation = for_url();
    REQUIRE(negotiation.advance(http_error(status), FailedAt::handshake));
    REQUIRE(negotiation.advance(http_error(status), FailedAt::handshake));
    CHECK(negotiation.current() == sse_legacy);
  }
}

TEST_CASE("negotiation: a server that refuses everything is told by its answer to the POST") {
  auto negotiation = for_url();
  REQUIRE(negotiation.advance(http_error(404), FailedAt::handshake));
  REQUIRE(negotiation.advance(http_error(404), FailedAt::handshake));
  CHECK_FALSE(negotiation.advance(http_error(405), FailedAt::open));
  CHECK(negotiation.verdict().http_status == 404);
  CHECK(negotiation.verdict().hint.find("MCP path") != std::string::npos);
}

TEST_CASE("negotiation: a recognised modern error never falls back to initialize") {
  auto negotiation = for_url();
  CHECK_FALSE(negotiation.advance(rpc_error(-32022, 400), FailedAt::handshake));
  CHECK(negotiation.verdict().rpc_code == -32022);
}

TEST_CASE("negotiation: what says nothing about eras ends the search at once") {
  for (const auto kind : {ErrorKind::resolve, ErrorKind::connect, ErrorKind::tls,
                          ErrorKind::timeout, ErrorKind::auth, ErrorKind::interrupted}) {
    CAPTURE(to_string(kind));
    auto negotiation = for_url();
    CHECK_FALSE(negotiation.advance({.kind = kind, .message = "x"}, FailedAt::handshake));
    CHECK(negotiation.verdict().kind == kind);
  }
}

TEST_CASE("negotiation: a named era is the only one that is tried") {
  auto modern = for_url({.era = Era::modern});
  CHECK(modern.current() == http_modern);
  CHECK_FALSE(modern.advance(http_error(400), FailedAt::handshake));
  CHECK(for_url({.era = Era::legacy}).current() == http_legacy);
  CHECK(for_url({.revision = Revision::v2025_06_18}).current() == http_legacy);
}

TEST_CASE("negotiation: a modern-only server that was asked the legacy way says which way works") {
  auto negotiation = for_url({.era = Era::legacy});
  CHECK_FALSE(negotiation.advance(rpc_error(-32022, 400), FailedAt::handshake));
  CHECK(negotiation.verdict().hint.find("--protocol modern") != std::string::npos);
}

TEST_CASE("negotiation: a stdio server that is silent, ends or answers any other error is legacy") {
  for (const auto& failure : {Error{.kind = ErrorKind::timeout, .message = "silent"},
                              Error{.kind = ErrorKind::protocol, .message = "exited"},
                              rpc_error(-32601), rpc_error(-32602), rpc_error(0)}) {
    CAPTURE(failure.message);
    auto negotiation = for_command();
    REQUIRE(negotiation.advance(failure, FailedAt::handshake));
    CHECK(negotiation.current() == stdio_legacy);
  }
}

TEST_CASE(
    "negotiation: a child that refuses initialize after server/discover is started anew once") {
  auto negotiation = for_command();
  REQUIRE(negotiation.advance(rpc_error(-32601), FailedAt::handshake));
  REQUIRE(negotiation.advance(rpc_error(0), FailedAt::handshake));
  CHECK(negotiation.current() == Attempt{TransportKind::stdio, Era::legacy, true});
  CHECK_FALSE(negotiation.advance(rpc_error(0), FailedAt::handshake));
}

TEST_CASE("negotiation: a command that cannot be started is not tried twice") {
  auto negotiation = for_command();
  CHECK_FALSE(negotiation.advance({.kind = ErrorKind::connect, .message = "x"}, FailedAt::open));
}

TEST_CASE("negotiation: a remembered era is tried first, and forgotten when it fails") {
  auto negotiation =
      for_url({}, TransportChoice::automatic, EraMemory{TransportKind::http_sse, Era::legacy});
  CHECK(negotiation.current() == sse_legacy);
  REQUIRE(negotiation.advance(http_error(405), FailedAt::open));
  CHECK(negotiation.current() == http_modern);
}

TEST_CASE("negotiation: a memory never overrules what the user asked for") {
  const EraMemory memory{TransportKind::http_sse, Era::legacy};
  CHECK(for_url({.era = Era::modern}, TransportChoice::automatic, memory).current() == http_modern);
  CHECK(for_url({}, TransportChoice::streamable_http, memory).current() == http_modern);
}

TEST_CASE("negotiation: combinations that no revision has are usage errors") {
  const auto kind_of = [](const Result<Negotiation>& plan) { return plan.error().kind; };
  CHECK(kind_of(Negotiation::plan(true, TransportChoice::stdio, {}, {})) == ErrorKind::usage);
  CHECK(kind_of(Negotiation::plan(false, TransportChoice::http_sse, {}, {})) == ErrorKind::usage);
  CHECK(kind_of(Negotiation::plan(true, TransportChoice::http_sse, {.era = Era::modern}, {})) ==
        ErrorKind::usage);
}

}  // namespace
}  // namespace mcp
