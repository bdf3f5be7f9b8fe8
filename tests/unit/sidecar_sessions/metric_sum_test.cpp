#include <doctest/doctest.h>

#include "probes/sidecar/metric_sum.hpp"

using namespace probes::sidecar;

namespace {

constexpr std::string_view page = R"(# HELP mcp_sessions Open sessions.
# TYPE mcp_sessions gauge
mcp_sessions{server="a",state="open"} 3
mcp_sessions{server="b \"x\" \\ {",state="open",} 4 1700000000000
  mcp_sessions { state = "closed" } 1e2
mcp_sessions 0.5
mcp_sessions{state="open"} NaN
mcp_sessions{state="open"} +Inf
mcp_sessions_total 1000
mcp_sessions{broken 7
other{mcp_sessions="1"} 9)";

std::optional<double> sum_of(std::string_view selector, std::string_view text,
                             std::size_t piece = 4096) {
  const auto parsed = parse_metric_selector(selector);
  REQUIRE(parsed.has_value());
  MetricSum sum(*parsed);
  while (!text.empty()) {
    sum.feed(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
  }
  return sum.finish();
}

}  // namespace

TEST_CASE("metric sum: all label sets of exactly this name are added up, however they come") {
  for (const std::size_t piece : {1UL, 7UL, 4096UL}) {
    CHECK(sum_of("mcp_sessions", page, piece) == 107.5);
    CHECK(sum_of(R"(mcp_sessions{state="open"})", page, piece) == 7);
    CHECK(sum_of(R"(mcp_sessions{server="b \"x\" \\ {"})", page, piece) == 4);
    CHECK(sum_of("mcp_sessions_total", page, piece) == 1000);
    CHECK(sum_of("other", page, piece) == 9);
    CHECK_FALSE(sum_of("mcp", page, piece).has_value());
    CHECK_FALSE(sum_of(R"(mcp_sessions{state="gone"})", page, piece).has_value());
  }
}

TEST_CASE("metric sum: a line without end is passed over, not kept") {
  const auto text = "a 1\n" + std::string(1'000'000, 'a') + " 5\na 2\n";
  CHECK(sum_of("a", text, 1000) == 3);
}

TEST_CASE("metric sum: what is no metric is a usage error") {
  for (const auto* text : {"", "1a", "a b", "a{", "a{b}", "a{b=c}", "a{b=\"c\"", "a{b=\"c\"}x"}) {
    CAPTURE(text);
    const auto parsed = parse_metric_selector(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().kind == mcp::ErrorKind::usage);
  }
}
