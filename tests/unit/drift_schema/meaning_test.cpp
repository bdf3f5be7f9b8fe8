#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/drift_schema/drift_schema.hpp"

namespace probes::drift {
namespace {

using Rules = std::vector<std::string>;

Rules rules_of(const std::vector<Change>& changes) {
  Rules out;
  for (const auto& each : changes) out.push_back(each.rule);
  std::ranges::sort(out);
  return out;
}

Rules input(std::string_view older, std::string_view newer) {
  return rules_of(test::changes_of(older, newer, Direction::input, "tool"));
}

Rules output(std::string_view older, std::string_view newer) {
  return rules_of(test::changes_of(older, newer, Direction::output, "tool"));
}

const Change& find(const std::vector<Change>& changes, std::string_view rule) {
  const auto found = std::ranges::find(changes, rule, &Change::rule);
  REQUIRE_MESSAGE(found != changes.end(), rule);
  return *found;
}

constexpr auto open_object = R"({"type":"object","properties":{"a":{"type":"string"}}})";
constexpr auto open_two =
    R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}}})";
constexpr auto closed_object =
    R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})";
constexpr auto closed_two =
    R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"additionalProperties":false})";

TEST_CASE("schema changes: another way of writing the same is one schema-equivalent") {
  const std::vector<std::pair<const char*, const char*>> pairs = {
      {R"({"type":["string"]})", R"({"type":"string"})"},
      {R"({"type":["string","null"]})", R"({"type":["null","string"]})"},
      {R"({"enum":[1]})", R"({"const":1})"},
      {R"({"enum":[1,2]})", R"({"enum":[2,1.0]})"},
      {R"({"$defs":{"s":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/s"}}})",
       R"({"properties":{"a":{"type":"string"}}})"},
      {R"({"type":"integer","minimum":0,"maximum":9})",
       R"({"allOf":[{"type":"integer"},{"minimum":0},{"maximum":9}]})"},
      {R"({"type":"integer","minimum":1})", R"({"type":"integer","exclusiveMinimum":0})"},
      {R"({"type":"string"})", R"({"anyOf":[{"type":"string"}]})"},
      {R"({"type":["string","null"]})", R"({"anyOf":[{"type":"string"},{"type":"null"}]})"},
      {R"({"anyOf":[{"type":"string"},{"type":"null"}]})",
       R"({"anyOf":[{"type":"null"},{"type":"string"}]})"},
      {R"({"type":"string","minLength":0})", R"({"type":"string"})"},
      {R"({"enum":["abc","def"]})", R"({"enum":["abc","def"],"minLength":3})"},
      {R"({"properties":{"c":{"$ref":"#"}}})",
       R"({"properties":{"c":{"properties":{"c":{"$ref":"#"}}}}})"},
      {R"({"type":"string","pattern":"^(a|b)$"})", R"({"type":"string","pattern":"^[ab]$"})"},
  };
  for (const auto& [one, two] : pairs) {
    for (const auto direction : {Direction::input, Direction::output}) {
      const auto there = rules_of(test::changes_of(one, two, direction));
      const auto back = rules_of(test::changes_of(two, one, direction));
      CHECK_MESSAGE(there == Rules{"schema-equivalent"}, one);
      CHECK_MESSAGE(back == Rules{"schema-equivalent"}, two);
    }
  }
}

TEST_CASE("schema changes: equal schemas and reordered keys are no change") {
  CHECK(input(closed_two, closed_two).empty());
  CHECK(input(R"({"type":"object","properties":{"a":{},"b":{}}})",
              R"({"properties":{"b":{},"a":{}},"type":"object"})")
            .empty());
}

TEST_CASE("schema changes: a new optional argument breaks only where anything could pass before") {
  CHECK(input(closed_object, closed_two) == Rules{"input-optional-property-added"});
  const auto changes = test::changes_of(open_object, open_two);
  CHECK(rules_of(changes) == Rules{"input-property-added-open"});
  CHECK(changes.front().witness->value == test::json(R"({"b":null})"));
  CHECK(input(open_object, R"({"type":"object","properties":{"a":{"type":"string"},"b":{}}})") ==
        Rules{"input-optional-property-added"});
}

TEST_CASE("schema changes: a removed argument breaks only where the object is closed") {
  CHECK(input(open_two, open_object) == Rules{"input-property-removed"});
  const auto changes = test::changes_of(closed_two, closed_object);
  CHECK(rules_of(changes) == Rules{"input-property-removed-closed"});
  CHECK(changes.front().witness->value == test::json(R"({"b":0})"));
  CHECK(changes.front().witness->pointer == "/b");
}

TEST_CASE("schema changes: a removed argument does not break where the object opens as it goes") {
  const auto changes = test::changes_of(closed_two, open_object);
  CHECK(rules_of(changes) == Rules{"input-additional-properties-opened", "input-property-removed"});
}

TEST_CASE("schema changes: a new member of a result breaks who keeps a closed schema") {
  CHECK(output(closed_object, closed_two) == Rules{"output-property-added-closed"});
  CHECK(output(open_object, open_two) == Rules{"output-optional-property-added"});
  CHECK(output(closed_two, closed_object) == Rules{"output-optional-property-removed"});
  CHECK(output(open_two, open_object) == Rules{"output-property-removed-open"});
}

TEST_CASE(
    "schema changes: a new required member of a result may still be unknown to a closed one") {
  const auto* newer =
      R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"additionalProperties":false,"required":["b"]})";
  CHECK(output(closed_object, newer) == Rules{"output-property-added-closed"});
  CHECK(output(newer, closed_object) == Rules{"output-required-property-removed"});
}

TEST_CASE("schema changes: a required argument that got another name is told as a rename, too") {
  const auto* older =
      R"({"type":"object","properties":{"filePath":{"type":"string"}},"required":["filePath"]})";
  const auto* newer =
      R"({"type":"object","properties":{"file_path":{"type":"string"}},"required":["file_path"]})";
  const auto changes = test::changes_of(older, newer, Direction::input, "tool");
  CHECK(rules_of(changes) ==
        Rules{"input-property-removed", "input-property-renamed", "input-required-property-added"});
  CHECK(find(changes, "input-property-renamed").witness.has_value());
  const auto& removed = find(changes, "input-property-removed");
  CHECK(removed.why.ends_with("It looks like a rename to \"file_path\"."));
}

TEST_CASE("schema changes: arguments are objects, so other types at the root count for nothing") {
  CHECK(input("{}", R"({"type":"object"})") == Rules{"schema-equivalent"});
  CHECK(input("true", R"({"type":"object"})") == Rules{"schema-equivalent"});
  CHECK(output("{}", R"({"type":"object"})") == Rules{"output-type-narrowed"});
  CHECK(output(R"({"type":"object"})", "{}") == Rules{"output-type-widened"});
}

TEST_CASE("schema changes: one more alternative of oneOf may refuse what fits two of them now") {
  const auto* older = R"({"oneOf":[{"type":"integer"},{"type":"string"}]})";
  const auto* newer = R"({"oneOf":[{"type":"integer"},{"type":"string"},{"minimum":5}]})";
  const auto changes = test::changes_of(older, newer);
  CHECK(rules_of(changes) == Rules{"input-narrowed"});
  CHECK(changes.front().pointer == "/tools/t/inputSchema/oneOf/2");
  CHECK(test::unproved(changes, test::json(older), test::json(newer)).empty());
  // The witness of the mirror is a value that had fitted two of them.
  CHECK(test::is_breaking(test::changes_of(newer, older, Direction::output)));
}

TEST_CASE("schema changes: a laxer part below oneOf or not may be the stricter whole") {
  CHECK(input(R"({"properties":{"a":{"oneOf":[{"maximum":5},{"minimum":9}]}}})",
              R"({"properties":{"a":{"oneOf":[{"maximum":9},{"minimum":9}]}}})") ==
        Rules{"input-narrowed"});
  CHECK(input(R"({"properties":{"a":{"not":{"maximum":5}}}})",
              R"({"properties":{"a":{"not":{"maximum":9}}}})") == Rules{"input-not-widened"});
}

TEST_CASE("schema changes: a definition that is used twice is told once") {
  const auto* older =
      R"({"$defs":{"s":{"type":"string"}},"type":"object","properties":{"a":{"$ref":"#/$defs/s"},"b":{"$ref":"#/$defs/s"}}})";
  const auto* newer =
      R"({"$defs":{"s":{"type":"string","minLength":1}},"type":"object","properties":{"a":{"$ref":"#/$defs/s"},"b":{"$ref":"#/$defs/s"}}})";
  const auto changes = test::changes_of(older, newer);
  CHECK(rules_of(changes) == Rules{"input-min-length-increased"});
  CHECK(changes.front().pointer == "/tools/t/inputSchema/$defs/s/minLength");
  CHECK(changes.front().witness->value == test::json(R"({"a":""})"));
}

TEST_CASE("schema changes: inside of a recursive schema the keyword is found and proved") {
  const auto schema = [](const std::string& name) {
    return R"({"type":"object","properties":{"next":{"$ref":"#"},"name":)" + name + "}}";
  };
  const auto changes = test::changes_of(schema(R"({"type":"string"})"),
                                        schema(R"({"type":"string","maxLength":3})"));
  CHECK(rules_of(changes) == Rules{"input-max-length-decreased"});
  CHECK(changes.front().witness.has_value());
}

TEST_CASE("schema changes: moved parts keep their references") {
  const auto* older =
      R"({"$defs":{"n":{"type":"integer"}},"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/n"},"b":{"items":{"$ref":"#/$defs/n"}}}})";
  const auto* newer =
      R"({"$defs":{"n":{"type":"string"}},"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/n"}}})";
  const auto changes = test::changes_of(older, newer);
  CHECK(rules_of(changes) == Rules{"input-property-removed-closed", "input-type-narrowed"});
  CHECK(test::unproved(changes, test::json(older), test::json(newer)).empty());
}

TEST_CASE("schema changes: what no proof decides is dangerous, and never safe") {
  const auto changes = schema_changes(
      {.older = test::json(R"({"type":"object","properties":{"a":{"pattern":"^a"}}})"),
       .newer = test::json(R"({"type":"object","properties":{"a":{"pattern":"^[ab]"}}})"),
       .direction = Direction::input,
       .kind = "tool",
       .name = "t",
       .pointer = "",
       .formats = FormatRule::annotation,
       .expired = [] { return true; }});
  CHECK_FALSE(changes.empty());
  for (const auto& change : changes) CHECK(change.severity != Severity::breaking);
  const auto backward = input(R"({"properties":{"a":{"type":"string","pattern":"^(a)\\1$"}}})",
                              R"({"properties":{"a":{"type":"string","pattern":"^(a|b)\\1$"}}})");
  const bool told = std::ranges::count(backward, "input-pattern-changed") == 1 ||
                    std::ranges::count(backward, "schema-undecided") == 1;
  CHECK(told);
}

TEST_CASE("schema changes: a dialect that means the same hides no other change") {
  const auto* older =
      R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"a":{"type":"string"}}})";
  const auto* newer =
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"a":{"type":"string"}},"required":["a"]})";
  CHECK(input(older, newer) == Rules{"input-property-became-required", "schema-dialect-changed"});
}

TEST_CASE("schema changes: a dialect that means something else is still compared") {
  const auto* older =
      R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"a":{"items":[{"type":"string"}]}}})";
  const auto* newer =
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"a":{"items":{"type":"string"}}}})";
  const auto changes = test::changes_of(older, newer);
  CHECK(rules_of(changes) == Rules{"input-narrowed", "schema-dialect-changed"});
  CHECK(test::unproved(changes, test::json(older), test::json(newer)).empty());
}

TEST_CASE("schema changes: schemas that cannot be read are told as such") {
  const auto* good = R"({"type":"object"})";
  CHECK(input(good, R"({"type":"objekt"})") == Rules{"schema-invalid"});
  CHECK(input(good, R"({"properties":3})") == Rules{"schema-invalid"});
  CHECK(input(R"({"properties":3})", good) == Rules{"schema-undecided"});
  CHECK(input(good, R"({"properties":{"a":{"$ref":"https://example.com/a.json"}}})") ==
        Rules{"schema-external-ref-added"});
  CHECK(input(R"({"$ref":"https://example.com/a.json"})",
              R"({"$ref":"https://example.com/a.json","minProperties":1})") ==
        Rules{"schema-undecided"});
  CHECK(input(good, R"({"$schema":"https://example.com/dialect","type":"object"})") ==
        Rules{"schema-dialect-changed", "schema-undecided"});
}

TEST_CASE("schema changes: a part that became false or true has a rule of its own") {
  CHECK(input(R"({"properties":{"a":{"type":"string"}}})", R"({"properties":{"a":false}})") ==
        Rules{"schema-boolean-false"});
  CHECK(output(R"({"properties":{"a":false}})", R"({"properties":{"a":true}})") ==
        Rules{"schema-boolean-true"});
}

TEST_CASE("schema changes: headers of arguments are left to the rules of the surface") {
  CHECK(input(R"({"type":"object","properties":{"a":{"type":"string"}}})",
              R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}})")
            .empty());
}

TEST_CASE("schema changes: a list that was announced to grow is no broken promise") {
  const auto* older = R"({"properties":{"a":{"enum":["x"],"x-extensible-enum":true}}})";
  const auto* newer = R"({"properties":{"a":{"enum":["x","y"],"x-extensible-enum":true}}})";
  CHECK(output(older, newer) == Rules{"output-extensible-enum-value-added"});
}

TEST_CASE("schema changes: a schema that cannot be taken apart is judged as a whole") {
  const auto schema = [](const std::string& part) {
    return R"({"type":"object","properties":{"a":{"$id":"https://example.com/a","$anchor":"x",)" +
           part + R"(}, "b":{"$ref":"https://example.com/a#x"}}})";
  };
  const auto narrow = schema(R"("type":"string")");
  const auto wide = schema(R"("type":["string","null"])");
  const auto changes = test::changes_of(wide, narrow);
  CHECK(rules_of(changes) == Rules{"input-narrowed"});
  CHECK(test::unproved(changes, test::json(wide), test::json(narrow)).empty());
  CHECK(rules_of(test::changes_of(narrow, wide)) == Rules{"input-type-widened"});
}

TEST_CASE("schema changes: a format breaks only those who check formats") {
  const auto older = test::json(R"({"type":"object","properties":{"a":{"type":"string"}}})");
  const auto newer =
      test::json(R"({"type":"object","properties":{"a":{"type":"string","format":"uuid"}}})");
  SchemaPair pair{.older = older,
                  .newer = newer,
                  .direction = Direction::input,
                  .kind = "tool",
                  .name = "t",
                  .pointer = "",
                  .formats = FormatRule::annotation,
                  .expired = {}};
  CHECK(rules_of(schema_changes(pair)) == Rules{"input-format-changed"});
  pair.formats = FormatRule::asserted;
  const auto changes = schema_changes(pair);
  CHECK(rules_of(changes) == Rules{"input-format-changed", "input-format-tightened"});
  CHECK(find(changes, "input-format-tightened").witness->value == test::json(R"({"a":""})"));
}

TEST_CASE("schema changes: the fingerprint does not depend on the order of keys or names") {
  const auto* older = R"({"type":"object","properties":{"a":{"enum":[1,2]}},"required":["x","a"]})";
  const auto* reordered =
      R"({"required":["a","x"],"properties":{"a":{"enum":[2,1]}},"type":"object"})";
  const auto* newer = R"({"type":"object","properties":{"a":{"enum":[1,3]}},"required":["x"]})";
  const auto prints = [](const std::vector<Change>& changes) {
    Rules out;
    for (const auto& each : changes) out.push_back(each.fingerprint);
    std::ranges::sort(out);
    return out;
  };
  const auto one = prints(test::changes_of(older, newer));
  CHECK(one.size() == 3);
  CHECK(one == prints(test::changes_of(reordered, newer)));
}

}  // namespace
}  // namespace probes::drift
