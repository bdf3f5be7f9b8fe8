#include "mcp/schema/validator.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "mcp/schema/uri.hpp"

namespace mcp::schema {
namespace {

Schema compiled(std::string_view text, const CompileOptions& options = {}) {
  auto schema = Schema::compile(*parse_value(text), options);
  REQUIRE_MESSAGE(schema.has_value(), schema.error().message);
  return *schema;
}

std::optional<Violation> violation(std::string_view schema, std::string_view instance) {
  const auto checked = Validator(compiled(schema)).check(*parse_value(instance));
  REQUIRE(checked.has_value());
  return *checked;
}

Error refusal(std::string_view schema) {
  const auto compiled_schema = Schema::compile(*parse_value(schema));
  REQUIRE_FALSE(compiled_schema.has_value());
  return compiled_schema.error();
}

TEST_CASE("validator: a violation names instance, keyword and reason") {
  const auto found =
      violation(R"({"properties": {"a/b": {"items": {"minimum": 3}}}})", R"({"a/b": [5, 2]})");
  CHECK(found == Violation{.instance = "/a~1b/1",
                           .schema = "#/properties/a~1b/items/minimum",
                           .message = "2 is not at least 3"});
  CHECK(violation(R"({"required": ["x"]})", "{}")->message == "\"x\" is missing");
  CHECK(violation(R"({"additionalProperties": false})", R"({"y": 1})")->instance == "/y");
  CHECK_FALSE(violation(R"({"format": "email"})", R"("not one")").has_value());
}

TEST_CASE("validator: numbers lose no digit") {
  const auto* const schema = R"({"const": 9007199254740993})";
  CHECK_FALSE(violation(schema, "9007199254740993").has_value());
  CHECK(violation(schema, "9007199254740992").has_value());
  CHECK_FALSE(violation(R"({"multipleOf": 0.01})", "4.35").has_value());
  CHECK_FALSE(violation(R"({"type": "integer"})", "1e2").has_value());
}

TEST_CASE("validator: a reference that leads to itself ends with an error") {
  const auto schema = compiled(R"({"$ref": "#"})");
  const auto checked = Validator(schema).accepts(Value());
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().kind == ErrorKind::limit);
}

TEST_CASE("validator: the number of steps is bounded") {
  const auto schema = compiled(
      R"({"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}, {"$ref": "#/$defs/b"}]},
      "b": {"items": {"$ref": "#/$defs/a"}}}})");
  Validator validator(schema, {.depth = 700, .steps = 1000});
  const std::string deep = std::string(60, '[') + std::string(60, ']');
  const auto checked = validator.accepts(*parse_value(deep));
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().kind == ErrorKind::limit);
}

TEST_CASE("schema: what is wrong with it is said with its place") {
  CHECK(refusal(R"({"properties": {"a": {"type": "strnig"}}})").message ==
        "the schema at #/properties/a/type: \"strnig\" is no type");
  CHECK(refusal(R"({"minLength": -1})").message.starts_with("the schema at #/minLength"));
  CHECK(refusal(R"({"pattern": "("})").message.starts_with("the schema at #/pattern"));
  CHECK(refusal(R"({"$ref": "http://example.com/other.json"})")
            .hint.starts_with("schemas are never fetched"));
  CHECK(refusal(R"({"$schema": "http://json-schema.org/draft-03/schema#"})").message ==
        "the dialect \"http://json-schema.org/draft-03/schema#\" is not supported");
}

TEST_CASE("schema: draft-04 and 2019-09 are read by their own rules") {
  const auto* const old = R"({"$schema": "http://json-schema.org/draft-04/schema#", "maximum": 10,
      "exclusiveMaximum": true, "const": 3})";
  CHECK(violation(old, "10").has_value());
  CHECK_FALSE(violation(old, "9").has_value());
  const auto* const tuple = R"({"$schema": "https://json-schema.org/draft/2019-09/schema",
      "items": [{"type": "string"}], "additionalItems": false})";
  CHECK(violation(tuple, R"(["a", 1])").has_value());
  const auto* const tree = R"({"$schema": "https://json-schema.org/draft/2019-09/schema",
      "$id": "http://x/strict", "$recursiveAnchor": true, "$ref": "tree",
      "unevaluatedProperties": false, "$defs": {"t": {"$id": "tree", "$recursiveAnchor": true,
      "properties": {"child": {"$recursiveRef": "#"}}}}})";
  CHECK_FALSE(violation(tree, R"({"child": {"child": {}}})").has_value());
  CHECK(violation(tree, R"({"child": {"other": 1}})").has_value());
}

TEST_CASE("schema: documents come from the caller only") {
  CompileOptions options;
  options.documents.emplace("http://example.com/name.json", *parse_value(R"({"type": "string"})"));
  const auto schema =
      compiled(R"({"$id": "http://example.com/root.json", "$ref": "name.json"})", options);
  CHECK(Validator(schema).accepts(*parse_value("\"x\"")).value());
  CHECK_FALSE(Validator(schema).accepts(*parse_value("1")).value());
}

TEST_CASE("value: documents that nest too deep are refused, not crashed on") {
  const std::string deep = std::string(100'000, '[');
  const auto parsed = parse_value(deep);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().kind == ErrorKind::limit);
  CHECK_FALSE(parse_value("{").has_value());
}

TEST_CASE("value: it goes to nlohmann's JSON and back") {
  const auto json = nlohmann::json::parse(R"({"a": [1, -2.5, null, true, "é\n"], "b": {}})");
  const auto value = to_value(json);
  REQUIRE(value.has_value());
  CHECK(to_json(*value) == json);
  CHECK(*parse_value(value->text()) == *value);
  CHECK(to_value(0.1)->text() == "0.1");
  CHECK(count_code_points("é🐲") == 2);
}

TEST_CASE("uri: references are resolved as RFC 3986 section 5.4 shows") {
  const std::string base = "http://a/b/c/d;p?q";
  CHECK(resolve_uri(base, "g:h") == "g:h");
  CHECK(resolve_uri(base, "g") == "http://a/b/c/g");
  CHECK(resolve_uri(base, "//g") == "http://g");
  CHECK(resolve_uri(base, "?y") == "http://a/b/c/d;p?y");
  CHECK(resolve_uri(base, "#s") == "http://a/b/c/d;p?q#s");
  CHECK(resolve_uri(base, "../../../g") == "http://a/g");
  CHECK(resolve_uri(base, "./") == "http://a/b/c/");
  CHECK(resolve_uri(base, "") == base);
  CHECK(resolve_uri("urn:uuid:1", "#x") == "urn:uuid:1#x");
  CHECK(split_fragment("a#%25b").fragment == "%b");
}

}  // namespace
}  // namespace mcp::schema
