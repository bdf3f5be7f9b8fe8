#include "tests/unit/schema/random_schema.hpp"

#include <string>
#include <utility>

namespace mcp::schema::test {
namespace {

Value text(const char* json) {
  return parse_value(json).value();
}

}  // namespace

Value RandomSchema::one_of(std::initializer_list<const char*> texts) {
  return text(*(texts.begin() + below(texts.size())));
}

Value RandomSchema::make(int depth) {
  if (below(12) == 0) return Value(below(4) != 0);
  Value::Object schema;
  const auto count = 1 + below(3);
  for (std::size_t index = 0; index < count; ++index) add_keyword(schema, depth);
  return Value(std::move(schema));
}

Value RandomSchema::changed(const Value& schema, int depth) {
  if (!schema.is(Type::object) || schema.object().empty() || below(8) == 0) return make(depth);
  auto members = schema.object();
  auto chosen = members.begin();
  std::advance(chosen, below(members.size()));
  const bool is_data = chosen->first == "const" || chosen->first.starts_with("dependent") ||
                       chosen->first == "properties" || chosen->first == "patternProperties";
  if (chosen->second.is(Type::object) && !is_data && below(2) == 0) {
    chosen->second = changed(chosen->second, depth - 1);
  } else if (below(2) == 0) {
    members.erase(chosen);
  } else {
    add_keyword(members, depth);
  }
  return Value(std::move(members));
}

Value RandomSchema::value(int depth) {
  const auto kind = below(depth > 0 ? 10 : 6);
  if (kind < 6) {
    return one_of({"null",    "true",     "false",  "0",  "1",     "2",      "3",
                   "-4",      "0.5",      "2.5",    "6",  R"("")", R"("a")", R"("b")",
                   R"("ab")", R"("aab")", R"("c")", "[]", "{}",    "[1]"});
  }
  if (kind < 8) {
    Value::Array array;
    for (auto count = below(4); count > 0; --count) array.push_back(value(depth - 1));
    return Value(std::move(array));
  }
  Value::Object object;
  for (const auto* const name : {"a", "b", "ab", "c", "ac", "d"}) {
    if (below(3) == 0) object.emplace(name, value(depth - 1));
  }
  return Value(std::move(object));
}

Value RandomSchema::schemas(int depth) {
  Value::Array list;
  const auto count = 1 + below(3);
  for (std::size_t index = 0; index < count; ++index) list.push_back(make(depth - 1));
  return Value(std::move(list));
}

Value RandomSchema::named(int depth, std::initializer_list<const char*> names) {
  Value::Object map;
  for (const auto* const name : names) {
    if (below(2) == 0) map.emplace(name, make(depth - 1));
  }
  return Value(std::move(map));
}

void RandomSchema::add_keyword(Value::Object& schema, int depth) {
  if (depth > 0 && below(2) == 0) {
    add_applicator(schema, depth);
  } else {
    add_assertion(schema);
  }
}

void RandomSchema::add_applicator(Value::Object& schema, int depth) {
  static constexpr const char* keywords[] = {"allOf",
                                             "anyOf",
                                             "oneOf",
                                             "not",
                                             "if",
                                             "then",
                                             "else",
                                             "properties",
                                             "patternProperties",
                                             "additionalProperties",
                                             "propertyNames",
                                             "dependentSchemas",
                                             "prefixItems",
                                             "items",
                                             "contains",
                                             "unevaluatedProperties",
                                             "unevaluatedItems",
                                             "properties",
                                             "items"};
  const std::string keyword = keywords[below(std::size(keywords))];
  if (keyword.ends_with("Of") || keyword == "prefixItems") {
    schema.insert_or_assign(keyword, schemas(depth));
  } else if (keyword == "patternProperties") {
    schema.insert_or_assign(keyword, named(depth, {"^a", "b$", "c"}));
  } else if (keyword == "properties" || keyword == "dependentSchemas") {
    schema.insert_or_assign(keyword, named(depth, {"a", "b", "ab"}));
  } else {
    schema.insert_or_assign(keyword, make(depth - 1));
  }
}

void RandomSchema::add_assertion(Value::Object& schema) {
  std::string keyword;  // drawn before its value: arguments have no order
  switch (below(14)) {
    case 0:
    case 1:
    case 2:
      schema.insert_or_assign(
          "type", one_of({R"("null")", R"("boolean")", R"("integer")", R"("number")", R"("string")",
                          R"("array")", R"("object")", R"(["string", "integer"])",
                          R"(["object", "array", "null"])"}));
      return;
    case 3:
      schema.insert_or_assign("const",
                              one_of({"1", "0.5", R"("a")", "[1]", R"({"a": 1})", "true"}));
      return;
    case 4:
      schema.insert_or_assign("enum",
                              one_of({R"([1, "a"])", R"([[], {}, null])", R"([2, 3, "ab"])"}));
      return;
    case 5:
      keyword = below(2) == 0 ? "minimum" : "exclusiveMaximum";
      schema.insert_or_assign(keyword, one_of({"0", "1", "2.5", "-3"}));
      return;
    case 6:
      schema.insert_or_assign("multipleOf", one_of({"1", "2", "0.5", "3"}));
      return;
    case 7:
      keyword = below(2) == 0 ? "minLength" : "maxLength";
      schema.insert_or_assign(keyword, one_of({"0", "1", "2"}));
      return;
    case 8:
      schema.insert_or_assign("pattern",
                              one_of({R"("^a")", R"("b$")", R"("^[ab]*$")", R"x("a(?!b)")x"}));
      return;
    case 9:
      keyword = below(2) == 0 ? "minItems" : "maxItems";
      schema.insert_or_assign(keyword, one_of({"0", "1", "2", "3"}));
      return;
    case 10:
      keyword = below(2) == 0 ? "minProperties" : "maxProperties";
      schema.insert_or_assign(keyword, one_of({"0", "1", "2"}));
      return;
    case 11:
      schema.insert_or_assign("required", one_of({R"(["a"])", R"(["a", "b"])", R"(["ab"])"}));
      return;
    case 12:
      schema.insert_or_assign("uniqueItems", one_of({"true", "false"}));
      return;
    default:
      schema.insert_or_assign("dependentRequired", one_of({R"({"a": ["b"]})", R"({"b": ["ab"]})"}));
      keyword = below(2) == 0 ? "minContains" : "maxContains";
      schema.insert_or_assign(keyword, one_of({"0", "1", "2"}));
  }
}

}  // namespace mcp::schema::test
