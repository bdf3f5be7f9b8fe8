#include <doctest/doctest.h>

#include "probes/drift/snapshot.hpp"

namespace {

using mcp::schema::parse_value;
using mcp::schema::Value;
using probes::drift::pretty;

std::string rewritten(std::string_view text) {
  const auto value = parse_value(text);
  REQUIRE(value);
  return pretty(*value);
}

}  // namespace

TEST_CASE("pretty: keys are sorted, and each level is two spaces deeper") {
  CHECK(rewritten(R"({"b":[1,{"d":null,"c":true}],"a":"x"})") == R"({
  "a": "x",
  "b": [
    1,
    {
      "c": true,
      "d": null
    }
  ]
})");
}

TEST_CASE("pretty: empty objects and arrays stay on one line") {
  CHECK(rewritten(R"({"a":{},"b":[],"c":[{},[]]})") == R"({
  "a": {},
  "b": [],
  "c": [
    {},
    []
  ]
})");
  CHECK(rewritten("{}") == "{}");
}

TEST_CASE("pretty: no digit of a number is lost") {
  CHECK(rewritten("[9007199254740993,0.1,12345678901234567890.5]") ==
        "[\n  9007199254740993,\n  0.1,\n  12345678901234567890.5\n]");
}

TEST_CASE("pretty: what draws nothing or turns text around is escaped, other text is not") {
  CHECK(pretty(Value(std::string("a\u202eb\u200bc\u00add\ufeff"))) ==
        R"("a\u202eb\u200bc\u00add\ufeff")");
  CHECK(pretty(Value(std::string("\x01\x7f\n\t\r\"\\"))) == R"("\u0001\u007f\n\t\r\"\\")");
  CHECK(pretty(Value(std::string("grüße 日本 🙂"))) == "\"grüße 日本 🙂\"");
}

TEST_CASE("pretty: tag characters become surrogate pairs, and selectors are shown") {
  CHECK(pretty(Value(std::string("\U000e0041\ufe0f"))) == R"("\udb40\udc41\ufe0f")");
}

TEST_CASE("pretty: hidden characters in a key are escaped too, and read back the same") {
  const Value value(Value::Object{{"a\u200b", Value(std::string("\U000e0041"))}});
  const auto text = pretty(value);
  CHECK(text == "{\n  \"a\\u200b\": \"\\udb40\\udc41\"\n}");
  CHECK(*parse_value(text) == value);
}
