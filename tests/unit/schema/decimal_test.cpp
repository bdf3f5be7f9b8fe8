#include "mcp/schema/decimal.hpp"

#include <doctest/doctest.h>

#include <string>

namespace mcp::schema {
namespace {

Decimal number(std::string_view text) {
  auto parsed = Decimal::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), std::string(text));
  return *parsed;
}

TEST_CASE("decimal: equal numbers are equal values, however they are written") {
  CHECK(number("1.0") == number("1"));
  CHECK(number("-0") == number("0.00e7"));
  CHECK(number("12e-1") == number("1.2"));
  CHECK(number("9007199254740993") != number("9007199254740992"));
  CHECK(number("1.0").is_integer());
  CHECK_FALSE(number("1.5").is_integer());
}

TEST_CASE("decimal: order is that of the numbers") {
  const char* const ascending[] = {"-1e3", "-12",  "-1.5", "-0.1", "0",  "1e-300",
                                   "0.1",  "0.11", "1",    "9",    "10", "1e3"};
  for (std::size_t left = 0; left < std::size(ascending); ++left) {
    for (std::size_t right = 0; right < std::size(ascending); ++right) {
      CHECK((number(ascending[left]) < number(ascending[right])) == (left < right));
    }
  }
}

TEST_CASE("decimal: arithmetic is exact") {
  CHECK(number("0.1") + number("0.2") == number("0.3"));
  CHECK(number("1e20") + number("-1") == number("99999999999999999999"));
  CHECK(number("-2.5") * number("0.4") == number("-1"));
  CHECK(is_multiple(number("0.0075"), number("0.0001")));
  CHECK_FALSE(is_multiple(number("0.00751"), number("0.0001")));
  CHECK_FALSE(is_multiple(number("1e308"), number("0.123456789")));
  CHECK(least_common_multiple(number("0.4"), number("6")) == number("6"));
  CHECK(floor_quotient(number("-7"), number("2")) == number("-4"));
  CHECK(floor_quotient(number("7"), number("0.5")) == number("14"));
}

TEST_CASE("decimal: its text reads back as itself") {
  for (const auto* const text :
       {"0", "-1.5", "100", "1e300", "1.25e-50", "-0.001", "123456789012"}) {
    CHECK(number(number(text).text()) == number(text));
  }
  CHECK(number("0.001").text() == "0.001");
  CHECK(number("1000").text() == "1000");
}

TEST_CASE("decimal: what is no JSON number, or has too many digits, is refused") {
  for (const auto* const text : {"", "-", "01", "1.", ".5", "1e", "+1", "0x1", "1 "}) {
    CHECK_FALSE(Decimal::parse(text).has_value());
  }
  const auto huge = Decimal::parse("1e99999999999");
  REQUIRE_FALSE(huge.has_value());
  CHECK(huge.error().kind == ErrorKind::limit);
}

}  // namespace
}  // namespace mcp::schema
