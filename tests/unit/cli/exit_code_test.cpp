#include "cli/exit_code.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using cli::ExitCode;
using cli::ExitStyle;

namespace {

constexpr std::array all_codes = {
    ExitCode::ok,           ExitCode::warnings,   ExitCode::findings, ExitCode::usage,
    ExitCode::unreachable,  ExitCode::protocol,   ExitCode::auth,     ExitCode::timeout,
    ExitCode::session_lost, ExitCode::interrupted};

std::vector<int> numbers(ExitStyle style) {
  std::vector<int> result;
  for (const ExitCode code : all_codes) result.push_back(cli::status(code, style));
  return result;
}

}  // namespace

TEST_CASE("exit code: each style has its own numbers") {
  CHECK(numbers(ExitStyle::plain) == std::vector{0, 0, 1, 2, 3, 4, 5, 6, 7, 130});
  CHECK(numbers(ExitStyle::k8s) == std::vector{0, 0, 1, 1, 1, 1, 1, 1, 1, 1});
  CHECK(numbers(ExitStyle::docker) == std::vector{0, 0, 1, 1, 1, 1, 1, 1, 1, 1});
  CHECK(numbers(ExitStyle::nagios) == std::vector{0, 1, 2, 3, 2, 2, 2, 2, 2, 3});
  CHECK(numbers(ExitStyle::grpc) == std::vector{0, 0, 4, 1, 2, 3, 3, 3, 3, 3});
}

TEST_CASE("exit code: each kind of error has one") {
  using enum mcp::ErrorKind;
  const auto plain = [](mcp::ErrorKind kind) { return cli::status(cli::exit_code(kind)); };
  for (const auto kind : {tool_error, empty, drift}) CHECK(plain(kind) == 1);
  CHECK(plain(usage) == 2);
  for (const auto kind : {resolve, connect, tls}) CHECK(plain(kind) == 3);
  for (const auto kind : {http, protocol, rpc, limit}) CHECK(plain(kind) == 4);
  CHECK(plain(auth) == 5);
  CHECK(plain(timeout) == 6);
  CHECK(plain(session_lost) == 7);
  CHECK(plain(interrupted) == 130);
}

TEST_CASE("exit code: an unknown style is a usage error") {
  CHECK(cli::parse_exit_style("grpc") == ExitStyle::grpc);
  REQUIRE_FALSE(cli::parse_exit_style("bash"));
  CHECK(cli::parse_exit_style("bash").error().kind == mcp::ErrorKind::usage);
}
