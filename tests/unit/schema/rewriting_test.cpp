#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "mcp/schema/inclusion.hpp"
#include "tests/unit/schema/random_schema.hpp"

// What says the same in other words has the same verdict. Seeds are fixed.

namespace mcp::schema {
namespace {

constexpr std::uint64_t seed = 7;
constexpr int rounds = 300;

Verdict verdict(const Value& inner, const Value& outer) {
  const auto one = Schema::compile(inner);
  const auto two = Schema::compile(outer);
  REQUIRE_MESSAGE(one.has_value(), inner.text());
  REQUIRE_MESSAGE(two.has_value(), outer.text());
  return compare(*one, *two).verdict;
}

/// Each way round, and against a third schema.
void check_same(const Value& one, const Value& two, const Value& other) {
  CHECK_MESSAGE(verdict(one, two) == Verdict::included, one.text() << " and " << two.text());
  CHECK_MESSAGE(verdict(two, one) == Verdict::included, two.text() << " and " << one.text());
  CHECK_MESSAGE(verdict(one, other) == verdict(two, other), one.text() << " in " << other.text());
  CHECK_MESSAGE(verdict(other, one) == verdict(other, two), other.text() << " in " << one.text());
}

std::string quoted_text(const std::string& name) {
  return Value(name).text();
}

/// JSON whose members stand in the opposite order of that of Value.
std::string backwards(const Value& value) {
  std::string out;
  if (value.is(Type::object)) {
    for (const auto& [name, member] : value.object()) {
      auto text = quoted_text(name) + ':' + backwards(member);
      out = out.empty() ? std::move(text) : text + ',' + out;
    }
    return '{' + out + '}';
  }
  if (!value.is(Type::array)) return value.text();
  for (const auto& element : value.array()) {
    if (!out.empty()) out += ',';
    out += backwards(element);
  }
  return '[' + out + ']';
}

/// The schema with the branches of every allOf, anyOf and oneOf, and the names of every `required`
/// and the values of every enum, the other way round.
Value turned(const Value& value) {
  if (!value.is(Type::object)) return value;
  Value::Object out;
  for (const auto& [name, member] : value.object()) {
    if (member.is(Type::object)) {
      out.emplace(name, name == "const" ? member : turned(member));
      continue;
    }
    if (!member.is(Type::array) || name == "const") {
      out.emplace(name, member);
      continue;
    }
    Value::Array list;
    for (const auto& each : member.array()) list.push_back(name == "enum" ? each : turned(each));
    if (name != "prefixItems") std::ranges::reverse(list);
    out.emplace(name, Value(std::move(list)));
  }
  return Value(std::move(out));
}

Value object_of(const char* name, Value member) {
  return Value(Value::Object{{name, std::move(member)}});
}

/// A schema that uses another one in several places.
Value using_it(const Value& part, const Value& rest) {
  return Value(Value::Object{
      {"properties", Value(Value::Object{{"a", part}, {"b", object_of("not", part)}})},
      {"items", part},
      {"anyOf", Value(Value::Array{part, rest})}});
}

TEST_CASE("property: the order of members, branches and names changes no verdict") {
  test::RandomSchema random(seed);
  for (int round = 0; round < rounds; ++round) {
    const auto schema = random.make(3);
    const auto reordered = parse_value(backwards(schema));
    REQUIRE(reordered.has_value());
    check_same(schema, turned(*reordered), random.make(2));
  }
}

TEST_CASE("property: inlining a local reference changes no verdict") {
  test::RandomSchema random(seed + 1);
  const Value reference = object_of("$ref", Value(std::string("#/$defs/part")));
  for (int round = 0; round < rounds; ++round) {
    const auto part = random.make(2);
    const auto rest = random.make(2);
    auto referring = using_it(reference, rest).object();
    referring.emplace("$defs", object_of("part", part));
    check_same(using_it(part, rest), Value(std::move(referring)), random.make(2));
  }
}

TEST_CASE("property: splitting an allOf changes no verdict") {
  test::RandomSchema random(seed + 2);
  for (int round = 0; round < rounds; ++round) {
    const auto one = random.make(2);
    const auto two = random.make(2);
    const auto three = random.make(1);
    const auto flat = object_of("allOf", Value(Value::Array{one, two, three}));
    const auto pair = object_of("allOf", Value(Value::Array{two, three}));
    check_same(flat, object_of("allOf", Value(Value::Array{one, pair})), random.make(2));
  }
}

}  // namespace
}  // namespace mcp::schema
