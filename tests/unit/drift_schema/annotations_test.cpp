#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/drift_schema/drift_schema.hpp"

namespace probes::drift {
namespace {

/// Of an argument, from one text to another; each is a member list without its braces.
struct Sample {
  const char* older;
  const char* newer;
  const char* input;
  const char* output;
};

const std::vector<Sample> samples = {
    {R"("default":1)", R"("default":2)", "input-default-changed", "output-default-changed"},
    {"", R"("default":2)", "input-default-added", "output-default-changed"},
    {R"("default":1)", "", "input-default-removed", "output-default-changed"},
    {R"("format":"date")", R"("format":"date-time")", "input-format-changed",
     "output-format-changed"},
    {"", R"("deprecated":true)", "property-deprecated", "property-deprecated"},
    {R"("deprecated":true)", R"("deprecated":false)", "property-undeprecated",
     "property-undeprecated"},
    {"", R"("readOnly":true)", "read-only-changed", "read-only-changed"},
    {"", R"("writeOnly":true)", "write-only-changed", "write-only-changed"},
    {"", R"("contentEncoding":"base64")", "content-encoding-changed", "content-encoding-changed"},
    {"", R"("contentMediaType":"image/png")", "content-media-type-changed",
     "content-media-type-changed"},
    {R"("examples":[1])", R"("examples":[2])", "examples-changed", "examples-changed"},
    {R"("$comment":"a")", R"("$comment":"b")", "comment-changed", "comment-changed"},
    {R"("x-note":"a")", R"("x-note":"b")", "unknown-keyword-changed", "unknown-keyword-changed"},
    {R"("description":"a")", R"("description":"b")", "property-description-changed",
     "property-description-changed"},
    {R"("title":"a")", R"("title":"b")", "property-title-changed", "property-title-changed"},
};

std::string schema(const char* members) {
  return std::string(R"({"type":"object","properties":{"a":{)") + members + "}}}";
}

std::vector<std::string> rules_of(const std::vector<Change>& changes) {
  std::vector<std::string> out;
  out.reserve(changes.size());
  for (const auto& each : changes) out.push_back(each.rule);
  return out;
}

TEST_CASE("schema annotations: each one has its rule, and is the only change") {
  for (const auto& each : samples) {
    const auto older = schema(each.older);
    const auto newer = schema(each.newer);
    CHECK(rules_of(test::changes_of(older, newer, Direction::input)) ==
          std::vector<std::string>{each.input});
    CHECK(rules_of(test::changes_of(older, newer, Direction::output)) ==
          std::vector<std::string>{each.output});
  }
}

TEST_CASE("schema annotations: the identifier of the schema only names it") {
  CHECK(rules_of(test::changes_of(R"({"$id":"https://example.com/a","type":"object"})",
                                  R"({"$id":"https://example.com/b","type":"object"})")) ==
        std::vector<std::string>{"schema-id-changed"});
}

TEST_CASE("schema annotations: a text that moved behind a reference is the same text") {
  const auto* older = R"({"properties":{"a":{"type":"string","description":"d"}}})";
  const auto* newer =
      R"({"$defs":{"s":{"type":"string","description":"d"}},"properties":{"a":{"$ref":"#/$defs/s"}}})";
  CHECK(rules_of(test::changes_of(older, newer)) == std::vector<std::string>{"schema-equivalent"});
}

TEST_CASE("schema annotations: false is what deprecated means when it is not there") {
  CHECK(test::changes_of(schema(""), schema(R"("deprecated":false)")).size() <= 1);
  CHECK_FALSE(test::is_breaking(test::changes_of(schema(""), schema(R"("deprecated":false)"))));
}

TEST_CASE("schema annotations: the sentence names the argument and the values") {
  const auto changes = test::changes_of(schema(R"("default":1)"), schema(R"("default":2)"));
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().why ==
        "The default of the argument \"a\" is now 2 (before: 1); calls that leave it out have "
        "another effect.");
  CHECK(changes.front().pointer == "/tools/t/inputSchema/properties/a/default");
}

}  // namespace
}  // namespace probes::drift
