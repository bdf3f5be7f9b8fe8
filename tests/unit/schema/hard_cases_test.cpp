#include <doctest/doctest.h>
#include <fmt/format.h>

#include <ctime>
#include <string>
#include <string_view>

#include "mcp/schema/inclusion.hpp"

namespace mcp::schema {
namespace {

Schema compiled(std::string_view text) {
  auto schema = Schema::compile(*parse_value(text));
  REQUIRE_MESSAGE(schema.has_value(), schema.error().message);
  return *schema;
}

/// The verdict, within the second that every comparison has; of processor time, since others may
/// use the machine too.
Verdict verdict(std::string_view inner, std::string_view outer) {
  const auto one = compiled(inner);
  const auto two = compiled(outer);
  const auto start = std::clock();
  const auto found = compare(one, two).verdict;
#ifdef NDEBUG  // no promise for a build with sanitizers
  CHECK_MESSAGE(std::clock() - start < CLOCKS_PER_SEC, inner);
#else
  static_cast<void>(start);
#endif
  return found;
}

/// PREFIX LEAF SUFFIX, with prefix and suffix as often as that.
std::string nested(int levels, std::string_view prefix, std::string leaf, std::string_view suffix) {
  for (int level = 0; level < levels; ++level) leaf = fmt::format("{}{}{}", prefix, leaf, suffix);
  return leaf;
}

// Smaller in a build with sanitizers, which is thirty times as slow.
#ifdef NDEBUG
constexpr int thousand = 1000;
constexpr std::string_view letters = "abcdefghi";
constexpr auto names = R"({{"type": "object", "propertyNames": {{"pattern": "^[a-z]{{2}}$"}},
                           "minProperties": {}}})";
constexpr int most_names = 26 * 26;
#else
constexpr int thousand = 200;
constexpr std::string_view letters = "abcdef";
constexpr auto names = R"({{"type": "object", "propertyNames": {{"pattern": "^[a-h]{{2}}$"}},
                           "minProperties": {}}})";
constexpr int most_names = 8 * 8;
#endif

std::string listed(int count, const char* format, std::string_view leaf) {
  std::string out;
  for (int index = 0; index < count; ++index) {
    if (index > 0) out += ',';
    out += fmt::format(fmt::runtime(format), index, leaf);
  }
  return out;
}

TEST_CASE("hard cases: patterns with large counts are compared by their lengths, or given up") {
  const auto text = [](std::string_view rest) {
    return fmt::format(R"({{"type": "string", {}}})", rest);
  };
  const auto bounded = text(R"("pattern": "^.{0,65535}$")");
  CHECK(verdict(bounded, text(R"("maxLength": 65535)")) == Verdict::included);
  CHECK(verdict(text(R"("maxLength": 65535)"), bounded) == Verdict::not_included);
  CHECK(verdict(text(R"("maxLength": 1000001)"), text(R"("maxLength": 1000000)")) ==
        Verdict::not_included);
  CHECK(verdict(text(R"("pattern": "^(?=.*[A-Z])(?=.*\\d).{8,64}$")"),
                text(R"("minLength": 8, "maxLength": 64)")) == Verdict::included);
  const auto powers = text(R"("pattern": "^(a{1,100}){1,100}$")");
  CHECK(verdict(powers, text(R"("pattern": "^a+$")")) != Verdict::not_included);
  CHECK(verdict(text(R"("pattern": "^a+$")"), powers) != Verdict::included);
  const auto late = [&](char letter) {
    return text(fmt::format(R"("pattern": "^(a|b)*{}(a|b){{18}}$")", letter));
  };
  CHECK(verdict(late('a'), late('b')) != Verdict::included);
}

TEST_CASE("hard cases: lengths that no text can have are never proved to be anything") {
  CHECK(verdict(R"({"type": "string", "minLength": 5000000000})",
                R"({"minLength": 1000000000000})") == Verdict::undecided);
  CHECK(verdict(R"({"type": "string"})", R"({"maxLength": 1000000000000})") == Verdict::undecided);
  CHECK(verdict(R"({"maxLength": 1000000000000})", R"({"maxLength": 1000000000000})") ==
        Verdict::included);
  CHECK(verdict(R"({"type": "string", "maxLength": 5})", R"({"maxLength": 1000000000000})") !=
        Verdict::not_included);
}

TEST_CASE("hard cases: two hundred levels") {
  const auto object = [](std::string_view leaf) {
    return nested(200, R"({"type": "object", "required": ["a"], "properties": {"a":)",
                  std::string(leaf), "}}");
  };
  const auto array = [](std::string_view leaf) {
    return nested(200, R"({"type": "array", "minItems": 1, "items":)", std::string(leaf), "}");
  };
  const auto twice_not = [](std::string_view leaf) {
    return nested(200, R"({"not":)", std::string(leaf), "}");
  };
  const auto integer = R"({"type": "integer"})";
  const auto number = R"({"type": "number"})";
  CHECK(verdict(object(integer), object(number)) == Verdict::included);
  CHECK(verdict(object(number), object(integer)) == Verdict::not_included);
  CHECK(verdict(array(integer), array(number)) == Verdict::included);
  CHECK(verdict(array(number), array(integer)) == Verdict::not_included);
  CHECK(verdict(twice_not(integer), twice_not(number)) == Verdict::included);
}

TEST_CASE("hard cases: a thousand properties, branches or items") {
  const auto object = [](std::string_view type) {
    return fmt::format(R"({{"type": "object", "properties": {{{}}}}})",
                       listed(thousand, R"("p{0}": {{"type": "{1}"}})", type));
  };
  CHECK(verdict(object("integer"), object("number")) == Verdict::included);
  CHECK(verdict(object("number"), object("integer")) == Verdict::not_included);
  const auto union_of = [](int count) {
    return fmt::format(R"({{"anyOf": [{}]}})", listed(count, R"({{"const": {0}}})", ""));
  };
  CHECK(verdict(union_of(thousand - 1), union_of(thousand)) == Verdict::included);
  CHECK(verdict(union_of(thousand), union_of(thousand - 1)) == Verdict::not_included);
  const auto tuple = [](std::string_view type) {
    return fmt::format(R"({{"type": "array", "prefixItems": [{}]}})",
                       listed(300, R"({{"type": "{1}"}})", type));
  };
  CHECK(verdict(tuple("integer"), tuple("number")) == Verdict::included);
  CHECK(verdict(tuple("number"), tuple("integer")) == Verdict::not_included);
}

TEST_CASE("hard cases: more places than different values") {
  CHECK(verdict(R"({"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 99},
                    "uniqueItems": true, "minItems": 101})",
                "false") == Verdict::included);
  CHECK(verdict(fmt::format(names, most_names + 1), "false") == Verdict::included);
  CHECK(verdict(fmt::format(names, most_names), "false") == Verdict::not_included);
}

TEST_CASE("hard cases: where there is no proof, a sample may be a witness") {
  CHECK(verdict(R"({"type": "string", "pattern": "^\\w+\\s\\w+$"})",
                R"({"pattern": "^(\\w+)\\s\\1$"})") == Verdict::not_included);
  CHECK(verdict(R"({"type": "array", "minItems": 1000})",
                R"({"contains": {"const": 5}, "minContains": 1000})") == Verdict::not_included);
  const auto tags =
      listed(thousand, R"({{"properties": {{"k": {{"const": {0}}}}}, "required": ["k"]}})", "");
  CHECK(verdict(R"({"type": "object", "required": ["k"]})",
                fmt::format(R"({{"anyOf": [{}]}})", tags)) == Verdict::not_included);
}

TEST_CASE("hard cases: patterns that overlap in every way") {
  const auto rules = [](std::string_view least) {
    std::string out;
    for (const char letter : letters) {
      out += fmt::format(R"({}"{}": {{"minimum": {}}})", out.empty() ? "" : ",", letter, least);
    }
    return fmt::format(R"({{"type": "object", "patternProperties": {{{}}}}})", out);
  };
  CHECK(verdict(rules("1"), rules("0")) == Verdict::included);
  CHECK(verdict(rules("0"), rules("1")) == Verdict::not_included);
}

}  // namespace
}  // namespace mcp::schema
