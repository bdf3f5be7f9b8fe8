#include "cli/commands/exporter_request.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace {

using namespace std::chrono_literals;
using cli::AllowAny;

/// In milliseconds; -1 where the field is refused.
std::int64_t timeout_of(std::string_view scrape, mcp::Duration module = 10s,
                        mcp::Duration offset = 500ms) {
  const auto timeout = cli::probe_timeout(scrape, module, offset);
  if (!timeout) return -1;
  return std::chrono::duration_cast<std::chrono::milliseconds>(*timeout).count();
}

cli::ExporterConfig configuration(std::string_view text) {
  auto config = cli::read_exporter_config(text);
  REQUIRE_MESSAGE(config.has_value(), to_text("f", config.error()));
  return *config;
}

constexpr auto yaml =
    "targets: [https://a.test/mcp, {name: search, url: https://s.test/mcp}]\n"
    "modules:\n"
    "  secret: {headers: {X-Key: k}}\n"
    "  own: {headers: {X-Key: k}, targets: [https://own.test/mcp]}\n";

std::string outcome(const std::string& target, const std::string& module,
                    AllowAny any = AllowAny::no) {
  static const auto config = configuration(yaml);
  const auto admitted = cli::admit({.target = target, .module = module}, config, any);
  if (!admitted) return fmt::format("{} {}", admitted.error().status, admitted.error().reason);
  return admitted->module->name + " " + admitted->url.to_string();
}

TEST_CASE("exporter: a query's parameters are decoded once") {
  const auto query =
      cli::parse_probe_query("module=mcp&debug=true&target=https%3A%2F%2Fa.test%2Fm%3Fa%3D1%262+b");
  CHECK(query.target == "https://a.test/m?a=1&2 b");
  CHECK(query.module == "mcp");
  CHECK(query.debug);
  CHECK(cli::query_parameter("a=%252e", "a") == "%2e");
  CHECK(cli::query_parameter("a=%zz%4", "a") == "%zz%4");
  CHECK(cli::query_parameter("a&b=1", "a") == "");
  CHECK(cli::query_parameter("a=1&a=2", "a") == "1");
  CHECK(cli::query_parameter("ba=1", "a") == std::nullopt);
  CHECK(cli::query_parameter("", "a") == std::nullopt);
}

TEST_CASE("exporter: a probe ends before the scrape does, and never after the module's timeout") {
  CHECK(timeout_of("") == 10'000);
  CHECK(timeout_of("10") == 9'500);
  CHECK(timeout_of("10.000000") == 9'500);
  CHECK(timeout_of("60") == 10'000);
  CHECK(timeout_of("5", 3s) == 3'000);
  CHECK(timeout_of("1e300") == 10'000);
  CHECK(timeout_of("10", 10s, 0ms) == 10'000);
}

TEST_CASE("exporter: a scrape shorter than the offset still leaves half of its time") {
  CHECK(timeout_of("0.5") == 250);
  CHECK(timeout_of("0.8") == 400);
  CHECK(timeout_of("1") == 500);
  CHECK(timeout_of("1.2") == 700);
}

TEST_CASE("exporter: a scrape timeout that is no time is refused") {
  for (const auto* text : {"0", "-1", "nan", "inf", "ten", "1s", " 1", "1e999"}) {
    CAPTURE(text);
    CHECK(timeout_of(text) == -1);
  }
}

TEST_CASE("exporter: only what stands on the list is probed") {
  CHECK(outcome("https://a.test/mcp", "") == "mcp https://a.test/mcp");
  CHECK(outcome("search", "mcp_handshake") == "mcp_handshake https://s.test/mcp");
  CHECK(outcome("https://b.test/mcp", "") == "403 not_allowed");
  CHECK(outcome("https://own.test/mcp", "own") == "own https://own.test/mcp");
  CHECK(outcome("https://own.test/mcp", "") == "403 not_allowed");
  CHECK(outcome("https://a.test/mcp", "own") == "403 not_allowed");
  CHECK(outcome("search", "own") == "400 bad_request");
}

TEST_CASE("exporter: what is no http URL is refused, even if anything is allowed") {
  for (const auto* target : {"", "file:///etc/passwd", "gopher://a.test/", "@server", "npx -y x",
                             "a.test/mcp", "https://user:pw@a.test/mcp", "stdio://x"}) {
    CAPTURE(target);
    CHECK(outcome(target, "", AllowAny::yes) == "400 bad_request");
  }
  CHECK(outcome("https://a.test/mcp", "nothing", AllowAny::yes) == "400 unknown_module");
}

TEST_CASE("exporter: credentials go to listed targets only, even if anything is allowed") {
  CHECK(outcome("https://b.test/mcp", "", AllowAny::yes) == "mcp https://b.test/mcp");
  CHECK(outcome("https://b.test/mcp", "secret", AllowAny::yes) == "403 not_allowed");
  CHECK(outcome("https://a.test/mcp", "secret", AllowAny::yes) == "secret https://a.test/mcp");
  CHECK(outcome("https://a.test/mcp", "own", AllowAny::yes) == "403 not_allowed");
}

TEST_CASE("exporter: a refusal tells neither the list nor what may be a secret") {
  const auto config = configuration(yaml);
  const auto refused =
      cli::admit({.target = "https://b.test/mcp?key=hunter2"}, config, AllowAny::no);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text == "The target https://b.test/mcp?… is not on the list of targets.");
}

TEST_CASE("exporter: a rate allows a second's worth at once, and then as many as time brings") {
  cli::RateLimit rate(2);
  const mcp::TimePoint start{};
  CHECK(rate.take(start));
  CHECK(rate.take(start));
  CHECK_FALSE(rate.take(start + 100ms));
  CHECK(rate.take(start + 600ms));
  CHECK_FALSE(rate.take(start + 700ms));
  CHECK(rate.take(start + 1h));
  CHECK(rate.take(start + 1h));
  CHECK_FALSE(rate.take(start + 1h));
}

TEST_CASE("exporter: a rate below one a second allows the first, and 0 is no limit") {
  cli::RateLimit slow(0.5);
  const mcp::TimePoint start{};
  CHECK(slow.take(start));
  CHECK_FALSE(slow.take(start + 1s));
  CHECK(slow.take(start + 2s));
  cli::RateLimit none(0);
  for (int count = 0; count < 1000; ++count) CHECK(none.take(start));
}

}  // namespace
