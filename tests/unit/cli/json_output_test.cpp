#include "cli/json_output.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/cli/fake_world.hpp"

using nlohmann::json;

TEST_CASE("json output: the schema version comes first") {
  FakeWorld fake;
  cli::print_json(fake.world, {{"a", {1}}});
  CHECK(fake.out.str() == "{\n  \"schema_version\": 1,\n  \"a\": [\n    1\n  ]\n}\n");
  fake.out.str("");
  cli::print_json(fake.world, {{"a", 1}}, cli::Indent::none);
  CHECK(fake.out.str() == "{\"schema_version\":1,\"a\":1}\n");
  fake.out.str("");
  cli::print_json(fake.world, json::object(), cli::Indent::none);
  CHECK(fake.out.str() == "{\"schema_version\":1}\n");
}

TEST_CASE("json output: characters that deceive are escaped, and the value stays the same") {
  const json value = {{"k\u202e", "a\u200bb\x7f \u00e9 \U0001f600 \U000e0041 \x1b[0m"}};
  const std::string text = cli::json_text(value);
  CHECK(text == R"({"k\u202e":"a\u200bb\u007f é 😀 \udb40\udc41 \u001b[0m"})");
  CHECK(json::parse(text) == value);
}

TEST_CASE("json output: numbers come out as they came in") {
  const char* text = R"([1,1.0,0.1,9007199254740993,-5,1e+300])";
  CHECK(cli::json_text(json::parse(text)) == text);
}
