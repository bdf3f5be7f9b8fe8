#include <doctest/doctest.h>
#include <fmt/format.h>

#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/drift_schema/drift_schema.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Value;

const std::vector<std::string> keywords = {"$ref",
                                           "$defs",
                                           "$id",
                                           "$schema",
                                           "$anchor",
                                           "type",
                                           "enum",
                                           "const",
                                           "minimum",
                                           "exclusiveMinimum",
                                           "multipleOf",
                                           "minLength",
                                           "maxLength",
                                           "pattern",
                                           "items",
                                           "prefixItems",
                                           "additionalItems",
                                           "contains",
                                           "minContains",
                                           "uniqueItems",
                                           "properties",
                                           "required",
                                           "dependencies",
                                           "patternProperties",
                                           "additionalProperties",
                                           "propertyNames",
                                           "dependentRequired",
                                           "dependentSchemas",
                                           "unevaluatedProperties",
                                           "unevaluatedItems",
                                           "allOf",
                                           "anyOf",
                                           "oneOf",
                                           "not",
                                           "if",
                                           "then",
                                           "else",
                                           "description",
                                           "default",
                                           "deprecated",
                                           "format",
                                           "examples",
                                           "x-extensible-enum",
                                           "maxProperties"};

const std::vector<std::string> odd_values = {"null",
                                             "true",
                                             "false",
                                             "3",
                                             "-1.5",
                                             R"("")",
                                             R"("#")",
                                             R"("string")",
                                             R"("#/properties/a")",
                                             R"("(")",
                                             "[]",
                                             "[null]",
                                             R"(["a","a"])",
                                             "[{}]",
                                             "[[]]",
                                             "{}",
                                             R"({"a":3})",
                                             R"({"a":null})",
                                             R"({"a":[1]})",
                                             R"({"a":{}})",
                                             R"({"type":"string"})",
                                             R"({"$ref":"#"})",
                                             R"({"$ref":3})"};

TEST_CASE("schema changes: any value of any keyword is survived, in both directions") {
  std::size_t asked = 0;
  for (const auto& keyword : keywords) {
    for (const auto& value : odd_values) {
      const auto odd =
          fmt::format(R"({{"type":"object","properties":{{"a":{{"{}":{}}}}},"{}":{}}})", keyword,
                      value, keyword, value);
      // A document that is no JSON text says so in json().
      const auto plain = R"({"type":"object","properties":{"a":{"type":"string"}}})";
      for (const auto direction : {Direction::input, Direction::output}) {
        for (const auto& change : test::changes_of(odd, plain, direction))
          CHECK(!change.why.empty());
        for (const auto& change : test::changes_of(plain, odd, direction))
          CHECK(!change.why.empty());
        asked += 2;
      }
    }
  }
  CHECK(asked == keywords.size() * odd_values.size() * 4);
}

/// A random schema, right or wrong; a child now and then refers to what is around it.
Value random_schema(std::mt19937_64& random, int depth) {
  const auto pick = [&random](std::size_t size) { return random() % size; };
  Value::Object members;
  for (auto count = pick(4); count > 0; --count) {
    const auto& keyword = keywords[pick(keywords.size())];
    const auto kind = depth > 0 ? pick(6) : 0;
    if (kind < 2) {
      members.insert_or_assign(keyword, test::json(odd_values[pick(odd_values.size())]));
    } else if (kind == 2) {
      members.insert_or_assign(keyword, Value(Value::Array{random_schema(random, depth - 1),
                                                           random_schema(random, depth - 1)}));
    } else if (kind == 3) {
      members.insert_or_assign(keyword,
                               Value(Value::Object{{"a", random_schema(random, depth - 1)},
                                                   {"b", random_schema(random, depth - 1)}}));
    } else {
      members.insert_or_assign(keyword, random_schema(random, depth - 1));
    }
  }
  return Value(std::move(members));
}

TEST_CASE("schema changes: random documents crash nothing, and what breaks is proved") {
  std::mt19937_64 random(20260831);
  std::size_t breaking = 0;
  for (int round = 0; round < 3000; ++round) {
    const auto older = random_schema(random, 3);
    const auto newer = random_schema(random, 3);
    const auto direction = round % 2 == 0 ? Direction::input : Direction::output;
    const auto changes = test::changes_of(older, newer, direction);
    const auto problem = test::unproved(changes, older, newer);
    CHECK_MESSAGE(problem.empty(), older.text(), " ", newer.text(), " ", problem);
    if (test::is_breaking(changes)) ++breaking;
  }
  CHECK(breaking > 100);
}

/// `depth` schemas within each other.
std::string nested(const std::string& open, const std::string& inner, const std::string& close,
                   int depth) {
  std::string out;
  for (int level = 0; level < depth; ++level) out += open;
  out += inner;
  for (int level = 0; level < depth; ++level) out += close;
  return out;
}

// A build with sanitizers looks for faults, in a tenth of the size; it promises no time.
#ifdef NDEBUG
constexpr int share = 1;
constexpr double soon = 10;
#else
constexpr int share = 10;
constexpr double soon = 1000;
#endif

/// Of the processor, not of the clock on the wall: other programs may be busy.
double seconds(const std::string& older, const std::string& newer) {
  const auto before = std::clock();
  const auto changes = test::changes_of(older, newer);
  CHECK_FALSE(changes.empty());
  return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

TEST_CASE("schema changes: deep, wide and branching schemas end in time") {
  const auto deep = [](const std::string& inner) {
    return nested(R"({"properties":{"a":)", inner, "}}", 150);
  };
  CHECK(seconds(deep(R"({"type":"string"})"), deep(R"({"type":"integer"})")) < soon);
  const auto items = [](const std::string& inner) {
    return nested(R"({"items":)", inner, "}", 300);
  };
  CHECK(seconds(items("{}"), items(R"({"minItems":1})")) < soon);
  const auto wide = [](const std::string& type, int count) {
    std::string out = R"({"type":"object","properties":{)";
    for (int index = 0; index < count; ++index) {
      out += fmt::format(R"({}"p{}":{{"type":"{}"}})", index == 0 ? "" : ",", index, type);
    }
    return out + "}}";
  };
  CHECK(seconds(wide("string", 1000 / share), wide("integer", 1000 / share)) < soon);
  CHECK(seconds(wide("string", 3000 / share), wide("string", 10)) < soon);
}

TEST_CASE("schema changes: many branches, names and references end in time") {
  const auto branches = [](int count, const std::string& type) {
    std::string out = R"({"anyOf":[)";
    for (int index = 0; index < count; ++index) {
      out += fmt::format(R"({}{{"type":"{}","minLength":{}}})", index == 0 ? "" : ",", type, index);
    }
    return out + "]}";
  };
  CHECK(seconds(branches(300 / share, "string"), branches(200 / share, "array")) < soon);
  CHECK(seconds(branches(2000 / share, "string"), branches(10, "string")) < soon);
  const auto required = [](const std::string& prefix) {
    std::string out = R"({"type":"object","required":[)";
    for (int index = 0; index < (share == 1 ? 3000 : 60); ++index) {
      out += fmt::format(R"({}"{}{}")", index == 0 ? "" : ",", prefix, index);
    }
    return out + "]}";
  };
  CHECK(seconds(required("a"), required("b")) < soon);
  const auto doubling = [](const std::string& last) {
    std::string out = R"({"$ref":"#/$defs/d0","$defs":{)";
    constexpr int levels = share == 1 ? 30 : 10;
    for (int level = 0; level < levels; ++level) {
      out += fmt::format(
          R"("d{0}":{{"properties":{{"a":{{"$ref":"#/$defs/d{1}"}},"b":{{"$ref":"#/$defs/d{1}"}}}}}},)",
          level, level + 1);
    }
    return out + fmt::format(R"("d{}":)", levels) + last + "}}";
  };
  CHECK(seconds(doubling(R"({"type":"string"})"), doubling(R"({"type":"null"})")) < soon);
  CHECK(seconds(R"({"$ref":"#"})", R"({"$ref":"#","type":"object"})") < soon);
  CHECK(
      seconds(R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}})",
              R"({"type":"object"})") < soon);
}

}  // namespace
}  // namespace probes::drift
