#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/drift_schema/drift_schema.hpp"

namespace probes::drift {
namespace {

struct Sample {
  const char* older;
  const char* newer;
  Direction direction;
  const char* rule;
  const char* why;
  const char* witness;  // empty: none
};

constexpr auto input = Direction::input;
constexpr auto output = Direction::output;

const std::vector<Sample> samples = {
    {R"({"properties":{"path":{"type":"string"}}})",
     R"({"properties":{"path":{"type":"string","minLength":3}}})", input,
     "input-min-length-increased",
     "The argument \"path\" must now have at least 3 characters; calls with a shorter one are "
     "refused.",
     R"({"path":""})"},
    {R"({"properties":{"path":{"type":"string","minLength":3}}})",
     R"({"properties":{"path":{"type":"string","minLength":1}}})", output,
     "output-min-length-decreased",
     "The result's \"path\" need now only have at least 1 character (before: 3); clients that know "
     "the older schema reject results with a shorter one.",
     R"({"path":"a"})"},
    {R"({"properties":{"limit":{"type":"integer"}}})",
     R"({"properties":{"limit":{"type":"integer"}},"required":["limit"]})", input,
     "input-property-became-required",
     "The argument \"limit\" is now required; calls without it are refused.", "{}"},
    {R"({"properties":{"id":{}},"required":["id"]})", R"({"properties":{"id":{}}})", output,
     "output-property-became-optional",
     "The result's \"id\" may now be missing; clients that know the older schema reject results "
     "without it.",
     "{}"},
    {R"({"properties":{"mode":{"enum":["a","b","c"]}}})",
     R"({"properties":{"mode":{"enum":["a"]}}})", input, "input-enum-value-removed",
     "The argument \"mode\" no longer takes \"b\" or \"c\"; calls with one of these values are "
     "refused.",
     R"({"mode":"b"})"},
    {R"({"properties":{"edits":{"items":{"properties":{"old":{"type":"string"}}}}}})",
     R"({"properties":{"edits":{"items":{"properties":{"old":{"type":["string","null"]}}}}}})",
     input, "input-type-widened",
     "The argument \"edits[].old\" may now also be null; calls that were valid stay valid.", ""},
    {R"({"properties":{"tags":{"items":{"type":"string"}}}})",
     R"({"properties":{"tags":{"items":{"type":"string","maxLength":9}}}})", input,
     "input-max-length-decreased",
     "Each item of the argument \"tags\" must now have at most 9 characters; calls with a longer "
     "one "
     "are refused.",
     R"({"tags":["aaaaaaaaaa"]})"},
    {R"({"properties":{"a":{"type":"string"}}})",
     R"({"properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}}})", output,
     "output-type-widened",
     "The result's \"a\" may now also be null; clients that know the older schema reject results "
     "with "
     "null there.",
     R"({"a":null})"},
    {R"({"properties":{"n":{"type":"number","minimum":0}}})",
     R"({"properties":{"n":{"type":"number","exclusiveMinimum":0}}})", input,
     "input-exclusive-minimum-increased",
     "The argument \"n\" must now be more than 0 (before: at least 0); calls with 0 or less are "
     "refused.",
     R"({"n":0})"},
    {R"({"type":"object"})", R"({"type":"object","properties":{"limit":{"type":"integer"}}})",
     input, "input-property-added-open",
     "The argument \"limit\" is new and must be an integer; the older schema let anything pass "
     "under that name, so calls with another value there are refused.",
     R"({"limit":null})"},
    {R"({"type":"object","properties":{"limit":{"type":"integer"}}})", R"({"type":"object"})",
     output, "output-property-removed-open",
     "The result's \"limit\" is no longer described, but the older schema says that it must be an "
     "integer; clients that know it reject results with another value there.",
     R"({"limit":null})"},
    {R"({"additionalProperties":{"type":"string"}})",
     R"({"additionalProperties":{"type":"string","pattern":"^a"}})", input, "input-pattern-added",
     "Each further member of the arguments object must now match the pattern \"^a\"; calls with a "
     "string that does not match are refused.",
     R"({"a":""})"},
    {R"({"properties":{"x":{"enum":["a","b"]}}})",
     R"({"properties":{"x":{"enum":["a","b"],"maxLength":1}},"required":["x"]})", input,
     "schema-equivalent",
     "The argument \"x\" must now have at most 1 character; with the rest of the schema that makes "
     "no "
     "difference.",
     ""},
};

TEST_CASE("schema sentences: each names the thing, what is asked of it now, and who is hurt") {
  for (const auto& sample : samples) {
    const auto changes = test::changes_of(sample.older, sample.newer, sample.direction, "tool");
    const auto found = std::ranges::find(changes, std::string(sample.rule), &Change::rule);
    REQUIRE_MESSAGE(found != changes.end(), sample.rule);
    CHECK(found->why == sample.why);
    CHECK((found->witness ? found->witness->value.text() : std::string()) == sample.witness);
  }
}

TEST_CASE("schema sentences: long names and values are cut between two characters") {
  const std::string name(30, 'n');
  std::string umlauts;
  for (int count = 0; count < 50; ++count) umlauts += "ü";
  const auto older = R"({"properties":{")" + name + R"(":{"default":1}}})";
  const auto newer = R"({"properties":{")" + name + R"(":{"default":")" + umlauts + R"("}}})";
  const auto changes = test::changes_of(older, newer);
  REQUIRE(changes.size() == 1);
  const auto& why = changes.front().why;
  CHECK(why.find("ü…") != std::string::npos);
  CHECK(why.size() < 200);
}

}  // namespace
}  // namespace probes::drift
