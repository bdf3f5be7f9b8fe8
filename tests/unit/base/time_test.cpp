#include "mcp/base/time.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace mcp;
using namespace std::chrono_literals;

TEST_CASE("duration: every unit is read") {
  CHECK(*parse_duration("500ms") == Duration(500ms));
  CHECK(*parse_duration("5s") == Duration(5s));
  CHECK(*parse_duration("1.5m") == Duration(90s));
  CHECK(*parse_duration("2h") == Duration(2h));
  CHECK(*parse_duration("0.25") == Duration(250ms));
  CHECK(*parse_duration("0") == Duration(0s));
}

TEST_CASE("duration: what is no duration is a usage error that names the text") {
  for (const std::string text : {"", "-1s", "+1s", "s", "5 s", "5d", "inf", "nan", "1e3s", "0x10",
                                 "5ss", " 5s", "1.5.5s", "5\x1b"}) {
    CAPTURE(text);
    const auto result = parse_duration(text);
    REQUIRE(!result.has_value());
    CHECK(result.error().kind == ErrorKind::usage);
  }
  CHECK(parse_duration("5\x1b").error().message == "\"5\\x1b\" is not a duration");
}

TEST_CASE("duration: one that no deadline can hold is refused") {
  CHECK(parse_duration("9000h").error().message == "\"9000h\" is longer than a year");
  CHECK(parse_duration("99999999999999999999").error().kind == ErrorKind::usage);
}

TEST_CASE("duration: the text form has three significant digits and a unit") {
  CHECK(format_duration(0ns) == "0 ms");
  CHECK(format_duration(400us) == "0.4 ms");
  CHECK(format_duration(412345ns) == "0.412 ms");
  CHECK(format_duration(12340us) == "12.3 ms");
  CHECK(format_duration(123400us) == "123 ms");
  CHECK(format_duration(1236ms) == "1.24 s");
  CHECK(format_duration(5s) == "5 s");
  CHECK(format_duration(12340ms) == "12.3 s");
  CHECK(format_duration(125s) == "2m 05s");
  CHECK(format_duration(3600s) == "1h 00m");
  CHECK(format_duration(90min + 20s) == "1h 30m");
  CHECK(format_duration(-12340us) == "-12.3 ms");
}

TEST_CASE("duration: rounding never shows a full next unit") {
  CHECK(format_duration(999960us) == "1 s");
  CHECK(format_duration(999400us) == "999 ms");
  CHECK(format_duration(59949ms) == "59.9 s");
  CHECK(format_duration(59970ms) == "1m 00s");
  CHECK(format_duration(9996us) == "10 ms");
}
