#include "mcp/schema/pattern.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace mcp::schema {
namespace {

bool found(const std::string& pattern, const std::string& text) {
  const auto parsed = Pattern::parse(pattern);
  REQUIRE_MESSAGE(parsed.has_value(), pattern);
  const auto matched = PatternMatcher().matches(*parsed, text);
  REQUIRE(matched.has_value());
  return *matched;
}

Languages::Word difference(const std::string& accepted, const std::string& excluded) {
  PatternMatcher matcher;
  const auto one = matcher.language(*Pattern::parse(accepted));
  const auto two = matcher.language(*Pattern::parse(excluded));
  auto& languages = matcher.languages();
  return languages.shortest(languages.intersect({one, languages.complement(two)}));
}

TEST_CASE("pattern: it matches anywhere unless it is anchored") {
  CHECK(found("es", "expression"));
  CHECK_FALSE(found("^es", "expression"));
  CHECK(found("^a|b$", "xxb"));
  CHECK_FALSE(found("^(a|b)$", "ab"));
  CHECK(found("", "anything"));
  CHECK(found("(^|,)x(,|$)", "y,x"));
  CHECK_FALSE(found("a^b", "a^b"));
}

TEST_CASE("pattern: classes, escapes and properties are those of ECMA-262 with the u flag") {
  CHECK(found("^\\p{L}+$", "straße"));
  CHECK_FALSE(found("^\\p{Lu}$", "a"));
  CHECK(found("^.$", "🐲"));
  CHECK(found("^\\uD83D\\uDC32$", "🐲"));
  CHECK(found("^\\u{1F432}$", "🐲"));
  CHECK_FALSE(found("^\\d$", "٣"));
  CHECK(found("^[\\w.-]+@[a-z-]+\\.[a-z]{2,3}$", "a.b-c@ex-ample.org"));
  CHECK(found("^{.*}$", "{x}"));
  CHECK(found("^\\s$", "\xef\xbb\xbf"));
}

TEST_CASE("pattern: look-ahead and word boundaries are decided by automata") {
  CHECK(Pattern::parse("^(?=.*[0-9])(?!.*--)\\b[a-z0-9-]+$")->regular());
  CHECK(found("^(?=.*[0-9])(?!.*--)[a-z0-9-]+$", "a-1"));
  CHECK_FALSE(found("^(?=.*[0-9])(?!.*--)[a-z0-9-]+$", "a--1"));
  CHECK_FALSE(found("^(?=.*[0-9])[a-z0-9-]+$", "abc"));
  CHECK(found("\\bcat\\b", "a cat sat"));
  CHECK_FALSE(found("\\bcat\\b", "concat"));
  CHECK(found("\\Bcat", "concat"));
}

TEST_CASE("pattern: back references and look-behind are matched by bounded trying") {
  CHECK_FALSE(Pattern::parse("^(a+)b\\1$")->regular());
  CHECK(found("^(a+)b\\1$", "aabaa"));
  CHECK_FALSE(found("^(a+)b\\1$", "aabaaa"));
  CHECK(found("(?<=\\$)\\d+", "cost $42"));
  CHECK_FALSE(found("(?<!\\$)\\b\\d+", "$42"));
  CHECK(found("^(?<q>['\"]).*\\k<q>$", "'x'"));
}

TEST_CASE("pattern: no pattern runs away") {
  const std::string many(2000, 'a');
  CHECK_FALSE(found("^(a+)+$", many + "b"));
  CHECK_FALSE(found("^(a|aa)*$", many + "b"));
  const auto hard = Pattern::parse("^(a+)+\\1b$");
  CHECK(PatternMatcher().matches(*hard, many) == std::nullopt);
}

TEST_CASE("pattern: what is no regular expression is refused with the reason") {
  for (const auto* const text :
       {"(", ")", "[a", "a**", "*", "[b-a]", "\\p{Nothing}", "(?<n>", "\\1", "a{2,1}", "\\"}) {
    CHECK_MESSAGE(!Pattern::parse(text).has_value(), text);
  }
  CHECK(Pattern::parse("a{100001}").error().kind == ErrorKind::limit);
}

TEST_CASE("languages: inclusion of patterns is decided, with a shortest text of the difference") {
  CHECK(difference("^[a-z]+$", "^[a-z0-9]*$").answer == Languages::Answer::empty);
  const auto word = difference("^[a-z0-9]{2,5}$", "^[a-z]+$");
  CHECK(word.answer == Languages::Answer::found);
  CHECK(word.text == "a0");
  CHECK(difference("^(ab)*$", "^(a|b)*$").answer == Languages::Answer::empty);
  CHECK(difference("^.{3,}$", "^..").answer == Languages::Answer::empty);
  CHECK(difference("^(a)\\1$", "^aa$").answer == Languages::Answer::unknown);
}

TEST_CASE("languages: the texts of a finite language can be listed") {
  PatternMatcher matcher;
  const auto id = matcher.language(*Pattern::parse("^(a|b)c?$"));
  const auto words = matcher.languages().some(id, 10);
  CHECK(words.complete);
  CHECK(words.texts == std::vector<std::string>{"a", "b", "ac", "bc"});
}

TEST_CASE("languages: a bound ends the work without a definite answer") {
  Languages few(50);
  auto id = few.set(CharSet::single('a'));
  for (int round = 0; round < 60; ++round) id = few.concat(few.unite({id, few.lengths(1, 2)}), id);
  CHECK(few.exhausted());
  CHECK(few.shortest(id).answer == Languages::Answer::unknown);
  CHECK(few.matches(id, "a") == std::nullopt);
}

}  // namespace
}  // namespace mcp::schema
