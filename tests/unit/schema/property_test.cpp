#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "mcp/schema/inclusion.hpp"
#include "mcp/schema/sampler.hpp"
#include "tests/unit/schema/random_schema.hpp"

namespace mcp::schema {
namespace {

/// Another seed, and more rounds, for a longer search by hand.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const auto* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

const std::uint64_t seed = from_environment("MCPCTL_PROPERTY_SEED", 20260728);
// A build with sanitizers looks for faults in the code: a tenth of the samples does.
#ifdef NDEBUG
constexpr std::size_t samples_each = 1000;
#else
constexpr std::size_t samples_each = 100;
#endif
const std::uint64_t scale = from_environment("MCPCTL_PROPERTY_SCALE", 1);

Schema compiled(const Value& value) {
  auto schema = Schema::compile(value);
  REQUIRE_MESSAGE(schema.has_value(), value.text() << ": " << schema.error().message);
  return *schema;
}

std::vector<Value> samples(const Schema& schema, std::size_t count) {
  std::vector<Value> values;
  Sampler sampler(schema, {.seed = seed, .depth = 20, .steps = 200'000});
  for (std::size_t index = 0; index < count; ++index) {
    auto value = sampler.next();
    if (!value) break;
    values.push_back(std::move(*value));
  }
  return values;
}

TEST_CASE("property: every schema includes itself") {
  test::RandomSchema random(seed);
  for (std::uint64_t round = 0; round < 500 * scale; ++round) {
    const auto schema = random.make(3);
    CHECK_MESSAGE(compare(compiled(schema), compiled(schema)).verdict == Verdict::included,
                  schema.text());
  }
}

TEST_CASE("property: what is proved to be included is never contradicted by samples") {
  test::RandomSchema random(seed + 1);
  std::size_t undecided = 0;
  std::size_t included = 0;
  const std::size_t rounds = 1000 * scale;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto first = random.make(3);
    const auto second = random.changed(first, 3);
    const auto one = compiled(first);
    const auto two = compiled(second);
    const auto verdict = compare(one, two).verdict;
    undecided += verdict == Verdict::undecided ? 1 : 0;
    if (verdict != Verdict::included) continue;
    ++included;
    Validator accepts(two);
    for (const auto& value : samples(one, samples_each)) {
      CHECK_MESSAGE(accepts.accepts(value).value(),
                    first.text() << " in " << second.text() << " but for " << value.text());
    }
  }
  MESSAGE(included, " of ", rounds, " included, ", undecided, " undecided");
  CHECK(included > rounds / 10);
  CHECK(undecided * 100 <= rounds);
}

TEST_CASE("property: values made at random never contradict a proof") {
  test::RandomSchema random(seed + 4);
  std::vector<Value> values;
  values.reserve(400);
  for (int count = 0; count < 400; ++count) values.push_back(random.value(2));
  for (std::uint64_t round = 0; round < 400 * scale; ++round) {
    const auto first = random.make(3);
    const auto second = round % 2 == 0 ? random.changed(first, 3) : random.make(2);
    const auto one = compiled(first);
    const auto two = compiled(second);
    if (compare(one, two).verdict != Verdict::included) continue;
    Validator inner(one);
    Validator outer(two);
    for (const auto& value : values) {
      const bool contradicts = inner.accepts(value).value() && !outer.accepts(value).value();
      CHECK_MESSAGE(!contradicts, first.text()
                                      << " in " << second.text() << " but for " << value.text());
    }
  }
}

TEST_CASE("property: a schema without an instance has no sample") {
  test::RandomSchema random(seed + 2);
  std::size_t empty = 0;
  for (std::uint64_t round = 0; round < 300 * scale; ++round) {
    const auto schema = random.make(3);
    const auto verdict = compare(compiled(schema), compiled(Value(false))).verdict;
    const auto found = samples(compiled(schema), 1);
    CHECK_MESSAGE((verdict == Verdict::included) == found.empty(), schema.text());
    empty += found.empty() ? 1 : 0;
  }
  CHECK(empty > 0);
}

TEST_CASE("property: splitting an allOf and going through a reference change no verdict") {
  test::RandomSchema random(seed + 3);
  for (std::uint64_t round = 0; round < 300 * scale; ++round) {
    const auto first = random.make(2);
    const auto second = random.make(2);
    const auto other = random.make(2);
    const Value joined(Value::Object{{"allOf", Value(Value::Array{first, second})}});
    const Value nested(Value::Object{
        {"allOf",
         Value(Value::Array{Value(Value::Object{{"allOf", Value(Value::Array{second})}}),
                            Value(Value::Object{{"$ref", Value(std::string("#/$defs/f"))}})})},
        {"$defs", Value(Value::Object{{"f", first}})}});
    CHECK(compare(compiled(joined), compiled(nested)).verdict == Verdict::included);
    CHECK(compare(compiled(nested), compiled(joined)).verdict == Verdict::included);
    CHECK_MESSAGE(compare(compiled(joined), compiled(other)).verdict ==
                      compare(compiled(nested), compiled(other)).verdict,
                  joined.text() << " and " << other.text());
  }
}

TEST_CASE("sampler: the same seed gives the same instances, and they vary") {
  const auto schema = compiled(*parse_value(R"({"type": "object", "required": ["n"], "properties": {
      "n": {"type": "integer", "minimum": 1, "maximum": 50},
      "s": {"type": "string", "pattern": "^[a-z]{2,8}$"},
      "l": {"type": "array", "items": {"enum": ["x", "y"]}}}})"));
  const auto first = samples(schema, 50);
  CHECK(first == samples(schema, 50));
  CHECK(first.front().text() == R"({"n":1})");
  std::size_t with_text = 0;
  for (const auto& value : first) with_text += value.find("s") != nullptr ? 1 : 0;
  CHECK(with_text > 5);
  CHECK(with_text < 50);
}

TEST_CASE("sampler: a schema without instances is said to have none") {
  auto sampled = Sampler(compiled(*parse_value(R"({"type": "string", "const": 1})"))).next();
  REQUIRE_FALSE(sampled.has_value());
  CHECK(sampled.error().kind == ErrorKind::empty);
}

}  // namespace
}  // namespace mcp::schema
