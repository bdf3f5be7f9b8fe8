#include "mcp/schema/inclusion.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace mcp::schema {
namespace {

Schema compiled(std::string_view text) {
  auto schema = Schema::compile(*parse_value(text));
  REQUIRE_MESSAGE(schema.has_value(), schema.error().message);
  return *schema;
}

/// "included", "undecided", or the witness.
std::string verdict(std::string_view inner, std::string_view outer) {
  const auto inclusion = compare(compiled(inner), compiled(outer));
  if (inclusion.verdict == Verdict::included) return "included";
  if (inclusion.verdict == Verdict::undecided) return "undecided";
  return inclusion.witness->text();
}

TEST_CASE("inclusion: a witness comes with the place where it fails") {
  const auto inclusion =
      compare(compiled(R"({"type": "object", "properties": {"n": {"type": "integer"}}})"),
              compiled(R"({"properties": {"n": {"maximum": 10}}})"));
  CHECK(inclusion.verdict == Verdict::not_included);
  CHECK(inclusion.witness->text() == R"({"n":11})");
  CHECK(inclusion.violation == Violation{.instance = "/n",
                                         .schema = "#/properties/n/maximum",
                                         .message = "11 is not at most 10"});
}

TEST_CASE("inclusion: numbers") {
  CHECK(verdict(R"({"type": "integer"})", R"({"type": "number"})") == "included");
  CHECK(verdict(R"({"type": "number", "multipleOf": 6})", R"({"multipleOf": 1.5})") == "included");
  CHECK(verdict(R"({"type": "number", "multipleOf": 4})", R"({"multipleOf": 6})") == "4");
  CHECK(verdict(R"({"type": "integer", "exclusiveMinimum": 0, "maximum": 2})",
                R"({"enum": [1, 2]})") == "included");
  CHECK(verdict(R"({"type": "number", "minimum": 0})", R"({"exclusiveMinimum": 0})") == "0");
  CHECK(verdict(R"({"type": "integer"})", R"({"anyOf": [{"multipleOf": 2}, {"multipleOf": 3}]})") ==
        "1");
}

TEST_CASE("inclusion: strings") {
  CHECK(verdict(R"({"type": "string", "pattern": "^a+$", "maxLength": 3})",
                R"({"enum": ["a", "aa", "aaa"]})") == "included");
  CHECK(verdict(R"({"type": "string", "minLength": 2})", R"({"pattern": "^.."})") ==
        "\"a\\u000a\"");
  CHECK(verdict(R"({"type": "string"})", R"({"maxLength": 2})") == "\"aaa\"");
  CHECK(verdict(R"({"type": "string", "pattern": "^(a)\\1$"})", R"({"pattern": "^(a)\\1$"})") ==
        "included");
  CHECK(verdict(R"({"type": "string", "pattern": "^(a)\\1$"})", R"({"minLength": 2})") ==
        "undecided");
}

TEST_CASE("inclusion: objects") {
  CHECK(verdict(R"({"properties": {"a": {"type": "string"}}, "additionalProperties": false})",
                R"({"properties": {"a": true, "b": {"type": "integer"}}})") == "included");
  CHECK(verdict(R"({"type": "object"})", R"({"required": ["a"]})") == "{}");
  CHECK(verdict(R"({"type": "object", "required": ["a", "b"]})", R"({"minProperties": 2})") ==
        "included");
  CHECK(
      verdict(
          R"({"patternProperties": {"^x": {"type": "string"}}, "propertyNames": {"pattern": "^xy"}})",
          R"({"additionalProperties": {"type": "string"}})") == "included");
  CHECK(verdict(R"({"dependentRequired": {"a": ["b"], "b": ["c"]}})",
                R"({"dependentRequired": {"a": ["c"]}})") == "included");
  CHECK(verdict(R"({"type": "object", "propertyNames": {"enum": ["a", "b"]}})",
                R"({"maxProperties": 2})") == "included");
  CHECK(verdict(R"({"properties": {"a": {"type": "string"}}, "unevaluatedProperties": false})",
                R"({"properties": {"a": {"type": "string"}}, "additionalProperties": false})") ==
        "included");
}

TEST_CASE("inclusion: arrays") {
  CHECK(verdict(R"({"prefixItems": [{"type": "string"}], "items": false})", R"({"maxItems": 1})") ==
        "included");
  CHECK(verdict(R"({"type": "array", "contains": {"const": 1}})", R"({"minItems": 1})") ==
        "included");
  CHECK(verdict(R"({"type": "array", "items": {"type": "boolean"}, "uniqueItems": true})",
                R"({"maxItems": 2})") == "included");
  CHECK(verdict(R"({"type": "array"})", R"({"uniqueItems": true})") == "[null,null]");
  CHECK(verdict(R"({"type": "array", "contains": {"const": 1}, "minContains": 2})",
                R"({"contains": {"const": 1}, "maxContains": 2})") == "[1,1,1]");
  CHECK(verdict(
            R"({"type": "array", "maxItems": 2, "contains": {"type": "string"}, "minContains": 2})",
            R"({"items": {"type": "string"}})") == "included");
}

TEST_CASE("inclusion: combinations") {
  CHECK(verdict(R"({"oneOf": [{"type": "string"}, {"type": "integer"}]})",
                R"({"type": ["string", "number"]})") == "included");
  CHECK(verdict(R"({"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"type": "null"}})",
                R"({"anyOf": [{"type": "null"}, {"type": "string", "minLength": 1}]})") ==
        "included");
  CHECK(verdict(R"({"not": {"type": "object"}})",
                R"({"type": ["null", "boolean", "number", "string", "array"]})") == "included");
  CHECK(verdict("true", R"({"not": {"const": {"a": [1]}}})") == R"({"a":[1]})");
}

TEST_CASE("inclusion: recursive schemas are compared as a whole") {
  const auto* const tree =
      R"({"$ref": "#/$defs/t", "$defs": {"t": {"type": "object", "properties": {
      "v": {"type": "integer"}, "k": {"type": "array", "items": {"$ref": "#/$defs/t"}}}}}})";
  const auto* const wider =
      R"({"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {
      "v": {"type": "number"}, "k": {"items": {"$ref": "#/$defs/n"}}}}}})";
  CHECK(verdict(tree, tree) == "included");
  CHECK(verdict(tree, wider) == "included");
  CHECK(verdict(wider, tree) == R"({"k":null})");
  const auto* const endless =
      R"({"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#"}}})";
  CHECK(verdict(endless, "false") == "included");
}

TEST_CASE("inclusion: what takes too long is undecided, and ends") {
  std::string choices;
  for (int index = 0; index < 14; ++index) {
    choices += fmt::format(
        R"({}{{"anyOf": [{{"required": ["a{}"]}}, {{"required": ["b{}"]}}, {{"minProperties": 30}}]}})",
        index == 0 ? "" : ",", index, index);
  }
  const auto inner =
      compiled(R"({"type": "object", "maxProperties": 13, "allOf": [)" + choices + "]}");
  const auto inclusion =
      compare(inner, compiled("false"), {.depth = 60, .steps = 5'000, .expired = {}});
  CHECK(inclusion.verdict == Verdict::undecided);
  CHECK_FALSE(inclusion.reason.empty());
  bool asked = false;
  const auto stopped =
      compare(inner, compiled("false"), {.depth = 60, .steps = 10'000'000, .expired = [&] {
                                           asked = true;
                                           return true;
                                         }});
  CHECK(stopped.verdict == Verdict::undecided);
  CHECK(asked);
}

}  // namespace
}  // namespace mcp::schema
