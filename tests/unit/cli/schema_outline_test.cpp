#include "cli/schema_outline.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using cli::SchemaOutline;
using nlohmann::json;
using Types = std::set<std::string>;

TEST_CASE("schema outline: types come from type, enum, const and the shape") {
  const auto types = [](const char* text) {
    const json schema = json::parse(text);
    return SchemaOutline(schema).types();
  };
  CHECK(types(R"({"type": "integer"})") == Types{"integer"});
  CHECK(types(R"({"type": ["string", "null"]})") == Types{"string", "null"});
  CHECK(types(R"({"enum": ["a", 1]})") == Types{"string", "integer"});
  CHECK(types(R"({"const": true})") == Types{"boolean"});
  CHECK(types(R"({"properties": {}})") == Types{"object"});
  CHECK(types(R"({"items": {}})") == Types{"array"});
  CHECK(types(R"({})").empty());
  CHECK(types("true").empty());
}

TEST_CASE("schema outline: combined and referred schemas count as one") {
  const json schema = json::parse(R"({
    "allOf": [{"$ref": "#/$defs/A"}, {"properties": {"b": {"type": "string"}}}],
    "$defs": {"A": {"properties": {"a": {"$ref": "#/$defs/N"}}}, "N": {"type": "number"}}
  })");
  const SchemaOutline outline(schema);
  CHECK(outline.properties() == std::vector<std::string>{"a", "b"});
  CHECK(outline.property("a").types() == Types{"number"});
}

TEST_CASE("schema outline: a schema that refers to itself ends") {
  const json schema = json::parse(R"({
    "$ref": "#/$defs/Node",
    "$defs": {"Node": {"properties": {"next": {"$ref": "#/$defs/Node"}}, "$ref": "#/$defs/Node"}}
  })");
  const SchemaOutline outline(schema);
  CHECK(outline.property("next").property("next").has_property("next"));
}

TEST_CASE("schema outline: references that lead elsewhere say nothing") {
  const auto silent = [](const char* reference) {
    const json schema = {{"$ref", reference}};
    return SchemaOutline(schema).types().empty();
  };
  CHECK(silent("https://example.com/schema.json"));
  CHECK(silent("#anchor"));
  CHECK(silent("#/$defs/none"));
  CHECK(silent("#/a~b"));
}

TEST_CASE("schema outline: usage puts what is required first") {
  const json schema = json::parse(R"({
    "properties": {"a": {"type": ["integer", "null"]}, "b": {}, "z": {"type": "string"}},
    "required": ["z"]
  })");
  CHECK(cli::usage_of(SchemaOutline(schema)) == "z=string [a=integer] [b=any]");
}
