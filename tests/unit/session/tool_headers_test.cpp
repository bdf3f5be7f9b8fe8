#include "mcp/session/tool_headers.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace mcp;
using nlohmann::json;

namespace {

json schema_of(const json& properties) {
  return {{"type", "object"}, {"properties", properties}};
}

json annotated(const json& type, const json& name) {
  return {{"type", type}, {"x-mcp-header", name}};
}

std::string check(const json& schema) {
  const auto result = check_tool_headers(Json(schema));
  return result ? "" : result.error().message;
}

HeaderList headers(const json& schema, const json& arguments) {
  return tool_headers(Json(schema), Json(arguments));
}

}  // namespace

// 2026-07-28 streamable-http, "Value Encoding", the table of examples.
TEST_CASE("tool headers: values are encoded as in the specification's examples") {
  CHECK(encode_header_value("us-west1") == "us-west1");
  CHECK(encode_header_value("Hello, 世界") == "=?base64?SGVsbG8sIOS4lueVjA==?=");
  CHECK(encode_header_value(" padded ") == "=?base64?IHBhZGRlZCA=?=");
  CHECK(encode_header_value("line1\nline2") == "=?base64?bGluZTEKbGluZTI=?=");
  CHECK(encode_header_value("=?base64?literal?=") == "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
}

TEST_CASE("tool headers: only what must be encoded is") {
  CHECK(encode_header_value("") == "");
  CHECK(encode_header_value("two words ~!") == "two words ~!");
  CHECK(encode_header_value("=?base64?open") == "=?base64?open");
  CHECK(encode_header_value("=?BASE64?x?=") == "=?BASE64?x?=");
  CHECK(encode_header_value(" lead") == "=?base64?IGxlYWQ=?=");
  CHECK(encode_header_value("trail ") == "=?base64?dHJhaWwg?=");
  CHECK(encode_header_value("\ttab") == "=?base64?CXRhYg==?=");
  CHECK(encode_header_value("\x7f") == "=?base64?fw==?=");
}

TEST_CASE("tool headers: schemas without annotations and with valid ones pass") {
  CHECK(check(json::object()) == "");
  CHECK(check(true) == "");
  CHECK(check(nullptr) == "");
  CHECK(check(schema_of({{"a", annotated("string", "A")},
                         {"b", annotated("integer", "b-2")},
                         {"c", annotated("boolean", "C_c.~")}})) == "");
  CHECK(check(schema_of({{"a", schema_of({{"b", annotated("string", "Nested")}})}})) == "");
  CHECK(check(schema_of({{"a", annotated({"string", "null"}, "A")}})) == "");
}

TEST_CASE("tool headers: the name must be a field name") {
  const auto with_name = [](const json& name) {
    return check(schema_of({{"a", annotated("string", name)}}));
  };
  CHECK(with_name("") == "x-mcp-header is empty");
  CHECK(with_name(5) == "x-mcp-header 5 is not a string");
  for (const std::string name :
       {"My Region", "Region:Primary", "Région", "Region\t1", "a\r\nX: y"}) {
    CAPTURE(name);
    CHECK(with_name(name).ends_with(" is not an HTTP field name"));
  }
  CHECK(with_name("a\nb") == "x-mcp-header \"a\\nb\" is not an HTTP field name");
}

TEST_CASE("tool headers: the type must be string, integer or boolean") {
  const std::string broken =
      "x-mcp-header \"A\" is on a parameter that is not a string, integer or boolean";
  for (const json& type : {json("number"), json("object"), json("array"), json("null"),
                           json::array({"string", "integer"}), json::array({"null"}),
                           json::array({"number", "null"}), json::array(), json(5)}) {
    CAPTURE(type.dump());
    CHECK(check(schema_of({{"a", annotated(type, "A")}})) == broken);
  }
  CHECK(check(schema_of({{"a", {{"x-mcp-header", "A"}}}})) == broken);
  CHECK(check({{"type", "object"}, {"x-mcp-header", "A"}}) == broken);
}

TEST_CASE("tool headers: names are unique without regard to case") {
  CHECK(check(schema_of(
            {{"a", annotated("string", "MyField")}, {"b", annotated("string", "myfield")}})) ==
        "x-mcp-header \"myfield\" is used twice");
  CHECK(check(schema_of({{"a", annotated("string", "X")},
                         {"b", schema_of({{"c", annotated("string", "X")}})}})) ==
        "x-mcp-header \"X\" is used twice");
}

TEST_CASE("tool headers: an annotation must be reachable by properties alone") {
  const json leaf = annotated("string", "A");
  const std::string broken = "x-mcp-header \"A\" is not reachable by properties alone";
  const json under = schema_of({{"a", leaf}});
  CHECK(check(schema_of({{"a", {{"type", "array"}, {"items", leaf}}}})) == broken);
  CHECK(check(schema_of({{"a", {{"type", "array"}, {"prefixItems", {leaf}}}}})) == broken);
  for (const std::string keyword : {"oneOf", "anyOf", "allOf"}) {
    CAPTURE(keyword);
    CHECK(check({{"type", "object"}, {keyword, {under}}}) == broken);
  }
  for (const std::string keyword : {"not", "if", "then", "else", "additionalProperties"}) {
    CAPTURE(keyword);
    CHECK(check({{"type", "object"}, {keyword, under}}) == broken);
  }
  for (const std::string keyword : {"$defs", "definitions", "patternProperties"}) {
    CAPTURE(keyword);
    CHECK(check({{"type", "object"}, {keyword, {{"x", leaf}}}}) == broken);
  }
}

TEST_CASE("tool headers: data that looks like an annotation is none") {
  const json data = {{"x-mcp-header", ""}};
  CHECK(check(schema_of({{"a", {{"type", "object"}, {"default", data}, {"examples", {data}}}}})) ==
        "");
  CHECK(check(schema_of({{"a", {{"const", data}, {"enum", {data}}}}})) == "");
  CHECK(check(schema_of({{"x-mcp-header", {{"type", "number"}}}})) == "");
}

TEST_CASE("tool headers: arguments become fields at their exact path") {
  const json schema = schema_of({{"region", annotated("string", "Region")},
                                 {"count", annotated("integer", "Count")},
                                 {"deep", schema_of({{"flag", annotated("boolean", "Flag")}})},
                                 {"plain", {{"type", "string"}}}});
  CHECK(headers(schema,
                {{"region", "é"}, {"count", -7}, {"deep", {{"flag", true}}}, {"plain", "x"}}) ==
        HeaderList{{"Mcp-Param-Count", "-7"},
                   {"Mcp-Param-Flag", "true"},
                   {"Mcp-Param-Region", "=?base64?w6k=?="}});
}

TEST_CASE("tool headers: null and absent arguments give no field, an empty string an empty one") {
  const json schema =
      schema_of({{"a", annotated({"string", "null"}, "A")}, {"b", annotated("string", "B")}});
  CHECK(headers(schema, {{"a", nullptr}, {"b", ""}}) == HeaderList{{"Mcp-Param-B", ""}});
  CHECK(headers(schema, json::object()) == HeaderList{});
  CHECK(headers(schema, nullptr) == HeaderList{});
  CHECK(headers(true, {{"a", "x"}}) == HeaderList{});
}

TEST_CASE("tool headers: an integer that is written as a float loses its fraction") {
  const json schema = schema_of({{"n", annotated("integer", "N")}});
  CHECK(headers(schema, {{"n", 42.0}}) == HeaderList{{"Mcp-Param-N", "42"}});
  CHECK(headers(schema, {{"n", 9007199254740991}}) ==
        HeaderList{{"Mcp-Param-N", "9007199254740991"}});
}

TEST_CASE("tool headers: an argument of another shape than the schema's gives no field") {
  const json schema = schema_of(
      {{"a", annotated("string", "A")}, {"b", schema_of({{"c", annotated("string", "C")}})}});
  CHECK(headers(schema, {{"a", json::array({1})}, {"b", "text"}}) == HeaderList{});
}
