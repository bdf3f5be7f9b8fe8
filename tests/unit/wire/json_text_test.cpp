#include "mcp/wire/json_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace mcp;

namespace {

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t index = 0; index < times; ++index) text += piece;
  return text;
}

}  // namespace

TEST_CASE("json text: a value is parsed") {
  CHECK(**parse_json(R"({"a":[1,"x",null]})") == nlohmann::json{{"a", {1, "x", nullptr}}});
}

TEST_CASE("json text: what is no JSON is a protocol error that quotes it") {
  for (const std::string text : {"", " ", "<html>", "{", "[1,]", "{\"a\":1}x", "\"\xff\"", "nul",
                                 "\"a\nb\"", "1e999", "\"\\ud800\""}) {
    CAPTURE(text);
    const auto result = parse_json(text);
    REQUIRE(!result.has_value());
    CHECK(result.error().kind == ErrorKind::protocol);
  }
  CHECK(parse_json("<html>\x1b").error().message == "not JSON: \"<html>\\x1b\"");
}

TEST_CASE("json text: nesting is bounded before anything is built") {
  CHECK(parse_json(repeat("[", 256) + repeat("]", 256)).has_value());
  for (const std::string& text : {repeat("[", 257) + repeat("]", 257), repeat("[", 100'000),
                                  repeat("{\"a\":", 100'000) + "1" + repeat("}", 100'000)}) {
    const auto result = parse_json(text);
    REQUIRE(!result.has_value());
    CHECK(result.error().kind == ErrorKind::limit);
    CHECK(result.error().message.starts_with("JSON is nested deeper than 256 levels: "));
  }
}

TEST_CASE("json text: brackets in strings are no nesting") {
  const auto text = R"({"a\"[[[{{{":"\\","b":"[[[\\\"{{{"})";
  CHECK(parse_json(text, {.depth = 1}).has_value());
}

TEST_CASE("json text: the number of values is bounded") {
  CHECK(parse_json("[1,2,3]", {.values = 3}).has_value());
  const auto result = parse_json("[1,2,3,4]", {.values = 3});
  REQUIRE(!result.has_value());
  CHECK(result.error().kind == ErrorKind::limit);
  CHECK(result.error().message == "JSON holds more than 3 values: \"[1,2,3,4]\"");
}

TEST_CASE("json text: the length is bounded") {
  const auto result = parse_json("\"12345678\"", {.bytes = 9});
  REQUIRE(!result.has_value());
  CHECK(result.error().kind == ErrorKind::limit);
  CHECK(result.error().message ==
        "a JSON text of 10 bytes is longer than the limit of 9: \"\"12345678\"\"");
}

TEST_CASE("json text: a value with invalid UTF-8 is written all the same") {
  CHECK(json_text(nlohmann::json{{"a", "\xff"}}) == "{\"a\":\"\ufffd\"}");
  CHECK(quoted_json(nlohmann::json::array({1, 2}), 3) == "\"[1,\"… (5 bytes)");
}
