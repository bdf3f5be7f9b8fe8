#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "probes/drift/rule.hpp"
#include "tests/unit/drift_schema/drift_schema.hpp"

namespace probes::drift {
namespace {

/// A pair of which the newer schema is the narrower one; rules without their direction.
struct Sample {
  const char* older;
  const char* newer;
  const char* shrinks;
  const char* grows;
};

const std::vector<Sample> samples = {
    {R"({"type":["string","null"]})", R"({"type":"string"})", "type-narrowed", "type-widened"},
    {R"({"type":"number"})", R"({"type":"integer"})", "type-narrowed", "type-widened"},
    {R"({})", R"({"type":"array"})", "type-narrowed", "type-widened"},
    {R"({"enum":["a","b"]})", R"({"enum":["a"]})", "enum-value-removed", "enum-value-added"},
    {R"({"enum":["a","b"]})", R"({"const":"b"})", "enum-value-removed", "enum-value-added"},
    {R"({"type":"string"})", R"({"type":"string","enum":["a"]})", "enum-added", "enum-removed"},
    {R"({"type":"string"})", R"({"type":"string","const":"a"})", "const-added", "const-removed"},
    {R"({"type":"object","properties":{"a":{"type":"string"}}})",
     R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})",
     "property-became-required", "property-became-optional"},
    {R"({"type":"object"})", R"({"type":"object","required":["a"]})", "required-property-added",
     "required-property-removed"},
    {R"({"type":"object"})", R"({"type":"object","additionalProperties":false})",
     "additional-properties-closed", "additional-properties-opened"},
    {R"({"type":"object"})", R"({"type":"object","additionalProperties":{"type":"string"}})",
     "additional-properties-narrowed", "additional-properties-widened"},
    {R"({"type":"object","allOf":[{"properties":{"a":{}}}]})",
     R"({"type":"object","allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false})",
     "unevaluated-properties-closed", "unevaluated-properties-opened"},
    {R"({"type":"array","prefixItems":[{"type":"string"}]})",
     R"({"type":"array","prefixItems":[{"type":"string"}],"unevaluatedItems":false})",
     "unevaluated-items-closed", "unevaluated-items-opened"},
    {R"({"type":"object"})", R"({"type":"object","patternProperties":{"^x":{"type":"string"}}})",
     "pattern-properties-added", "pattern-properties-removed"},
    {R"({"type":"object"})", R"({"type":"object","propertyNames":{"maxLength":3}})",
     "property-names-tightened", "property-names-loosened"},
    {R"({"type":"object","propertyNames":{"maxLength":9}})",
     R"({"type":"object","propertyNames":{"maxLength":3}})", "property-names-tightened",
     "property-names-loosened"},
    {R"({"type":"array"})", R"({"type":"array","items":{"type":"string"}})", "items-tightened",
     "items-loosened"},
    {R"({"type":"array"})", R"({"type":"array","prefixItems":[{"type":"string"}]})",
     "prefix-items-tightened", "prefix-items-loosened"},
    {R"({"type":"array","prefixItems":[{"type":"string"}]})",
     R"({"type":"array","prefixItems":[{"type":"string"},{"type":"null"}]})",
     "prefix-items-tightened", "prefix-items-loosened"},
    {R"({"type":"array"})", R"({"type":"array","contains":{"const":1}})", "contains-added",
     "contains-removed"},
    {R"({"type":"array","contains":{"const":1}})",
     R"({"type":"array","contains":{"const":1},"minContains":2})", "min-contains-increased",
     "min-contains-decreased"},
    {R"({"type":"array","contains":{"const":1}})",
     R"({"type":"array","contains":{"const":1},"maxContains":2})", "max-contains-decreased",
     "max-contains-increased"},
    {R"({"type":"array","minItems":1})", R"({"type":"array","minItems":2})", "min-items-increased",
     "min-items-decreased"},
    {R"({"type":"array","maxItems":3})", R"({"type":"array","maxItems":2})", "max-items-decreased",
     "max-items-increased"},
    {R"({"type":"array"})", R"({"type":"array","uniqueItems":true})", "unique-items-enabled",
     "unique-items-disabled"},
    {R"({"type":"string"})", R"({"type":"string","minLength":3})", "min-length-increased",
     "min-length-decreased"},
    {R"({"type":"string","maxLength":9})", R"({"type":"string","maxLength":3})",
     "max-length-decreased", "max-length-increased"},
    {R"({"type":"object"})", R"({"type":"object","minProperties":1})", "min-properties-increased",
     "min-properties-decreased"},
    {R"({"type":"object"})", R"({"type":"object","maxProperties":1})", "max-properties-decreased",
     "max-properties-increased"},
    {R"({"type":"number","minimum":1})", R"({"type":"number","minimum":1.5})", "minimum-increased",
     "minimum-decreased"},
    {R"({"type":"number"})", R"({"type":"number","maximum":10})", "maximum-decreased",
     "maximum-increased"},
    {R"({"type":"number","exclusiveMinimum":0})", R"({"type":"number","exclusiveMinimum":0.1})",
     "exclusive-minimum-increased", "exclusive-minimum-decreased"},
    {R"({"type":"number","exclusiveMaximum":2})", R"({"type":"number","exclusiveMaximum":1})",
     "exclusive-maximum-decreased", "exclusive-maximum-increased"},
    {R"({"type":"number","multipleOf":0.1})", R"({"type":"number","multipleOf":0.3})",
     "multiple-of-tightened", "multiple-of-loosened"},
    {R"({"type":"string"})", R"({"type":"string","pattern":"^a"})", "pattern-added",
     "pattern-removed"},
    {R"({"type":"string","pattern":"^a"})", R"({"type":"string","pattern":"^ab"})",
     "pattern-tightened", "pattern-loosened"},
    {R"({"anyOf":[{"type":"string"},{"type":"integer"}]})", R"({"anyOf":[{"type":"string"}]})",
     "any-of-branch-removed", "any-of-branch-added"},
    {R"({"oneOf":[{"type":"string"},{"type":"integer"}]})", R"({"oneOf":[{"type":"string"}]})",
     "one-of-branch-removed", "one-of-branch-added"},
    {R"({"allOf":[{"type":"string"}]})", R"({"allOf":[{"type":"string"},{"minLength":2}]})",
     "all-of-branch-added", "all-of-branch-removed"},
    {R"({"type":"string"})", R"({"type":"string","not":{"const":"x"}})", "not-widened",
     "not-narrowed"},
    {R"({"not":{"const":"x"}})", R"({"not":{"enum":["x","y"]}})", "not-widened", "not-narrowed"},
    {R"({"if":{"type":"string"},"then":{"minLength":1}})",
     R"({"if":{"type":"string"},"then":{"minLength":2}})", "then-tightened", "then-loosened"},
    {R"({"if":{"type":"string"},"else":{"minimum":1}})",
     R"({"if":{"type":"string"},"else":{"minimum":2}})", "else-tightened", "else-loosened"},
    {R"({"if":{"type":"string"},"then":{"minLength":1}})",
     R"({"if":true,"then":{"minLength":1,"type":"string"}})", "narrowed", "widened"},
    {R"({"type":"object"})", R"({"type":"object","dependentRequired":{"a":["b"]}})",
     "dependent-required-added", "dependent-required-removed"},
    {R"({"type":"object"})",
     R"({"type":"object","dependentSchemas":{"a":{"properties":{"b":{"type":"string"}}}}})",
     "dependent-schema-tightened", "dependent-schema-loosened"},
    {R"({"type":"object","properties":{"a":{"type":"object"}}})",
     R"({"type":"object","properties":{"a":{"$ref":"#"}},"additionalProperties":false})",
     "recursive-ref-tightened", "recursive-ref-loosened"},
    {R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"array","items":[{"type":"string"}]})",
     R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"array","items":[{"type":"string"}],"additionalItems":{"type":"null"}})",
     "items-tightened", "items-loosened"},
    {R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object"})",
     R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object","dependencies":{"a":["b"]}})",
     "dependent-required-added", "dependent-required-removed"},
    {R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object"})",
     R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object","dependencies":{"a":{"required":["b"]}}})",
     "dependent-schema-tightened", "dependent-schema-loosened"},
    {R"({"$schema":"http://json-schema.org/draft-04/schema#","type":"number","minimum":1})",
     R"({"$schema":"http://json-schema.org/draft-04/schema#","type":"number","minimum":1,"exclusiveMinimum":true})",
     "exclusive-minimum-increased", "minimum-decreased"},
};

const Change* find(const std::vector<Change>& changes, const std::string& rule) {
  const auto found = std::ranges::find(changes, rule, &Change::rule);
  return found == changes.end() ? nullptr : &*found;
}

std::string rules_of(const std::vector<Change>& changes) {
  std::string out;
  for (const auto& each : changes) out += each.rule + " ";
  return out;
}

/// The schema as it is, and as that of an argument.
std::string as_argument(const std::string& schema) {
  return R"({"type":"object","properties":{"x":)" + schema + "}}";
}

void check_pair(const std::string& older, const std::string& newer, const Sample& sample) {
  const auto narrowed = test::changes_of(older, newer, Direction::input);
  const auto* input = find(narrowed, std::string("input-") + sample.shrinks);
  REQUIRE_MESSAGE(input != nullptr, older, " -> ", newer, ": ", rules_of(narrowed));
  CHECK(input->severity == Severity::breaking);
  CHECK_MESSAGE(test::unproved(narrowed, test::json(older), test::json(newer)).empty(), older);

  const auto widened = test::changes_of(newer, older, Direction::output);
  const auto* output = find(widened, std::string("output-") + sample.grows);
  REQUIRE_MESSAGE(output != nullptr, newer, " -> ", older, ": ", rules_of(widened));
  CHECK(output->severity == Severity::breaking);
  CHECK_MESSAGE(test::unproved(widened, test::json(newer), test::json(older)).empty(), older);
  REQUIRE(input->witness.has_value());
  REQUIRE(output->witness.has_value());
  CHECK(input->witness->value == output->witness->value);
  CHECK(input->witness->pointer == output->witness->pointer);
  CHECK(input->witness->accepted_by == Side::older);
  CHECK(output->witness->accepted_by == Side::newer);

  const auto mirrored = test::changes_of(older, newer, Direction::output);
  const auto* mirror = mirror_of(*find_rule(input->rule));
  REQUIRE(mirror != nullptr);
  CHECK_MESSAGE(find(mirrored, mirror->id) != nullptr, older, ": ", rules_of(mirrored));
  CHECK_MESSAGE(!test::is_breaking(mirrored), older, ": ", rules_of(mirrored));

  const auto safe = test::changes_of(newer, older, Direction::input);
  CHECK_MESSAGE(find(safe, std::string("input-") + sample.grows) != nullptr, older, ": ",
                rules_of(safe));
  CHECK_MESSAGE(!test::is_breaking(safe), older, ": ", rules_of(safe));
}

TEST_CASE("schema changes: each keyword has a rule in both directions, with the same witness") {
  for (const auto& sample : samples) check_pair(sample.older, sample.newer, sample);
}

TEST_CASE("schema changes: a keyword deep in the schema has the same rule") {
  for (const auto& sample : samples) {
    const bool rooted = std::string_view(sample.older).find("$schema") != std::string_view::npos ||
                        std::string_view(sample.newer).find("$ref") != std::string_view::npos;
    if (!rooted) check_pair(as_argument(sample.older), as_argument(sample.newer), sample);
  }
}

}  // namespace
}  // namespace probes::drift
