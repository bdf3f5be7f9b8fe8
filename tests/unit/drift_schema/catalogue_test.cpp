#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "probes/drift/rule.hpp"
#include "probes/drift/schema_rule_pairs.hpp"

namespace probes::drift {
namespace {

TEST_CASE("drift rules: the mirror of a mirror is the rule itself") {
  std::size_t mirrored = 0;
  for (const auto& rule : rules()) {
    const auto* mirror = mirror_of(rule);
    if (mirror == nullptr) continue;
    ++mirrored;
    CHECK(mirror_of(*mirror) == &rule);
    CHECK(mirror->direction != rule.direction);
  }
  CHECK(mirrored >= 4 * schema_rule_pairs().size());
}

TEST_CASE("drift rules: what breaks in one direction is safe in the other one") {
  for (const auto& pair : schema_rule_pairs()) {
    for (const auto stem : {pair.shrinks, pair.grows}) {
      const auto* input = find_rule("input-" + std::string(stem));
      const auto* output = find_rule("output-" + std::string(stem));
      REQUIRE(input != nullptr);
      REQUIRE(output != nullptr);
      CHECK(mirror_of(*input) == output);
      const bool shrinks = stem == pair.shrinks;
      CHECK(input->severity == (shrinks ? Severity::breaking : Severity::safe));
      CHECK(output->severity == (shrinks ? Severity::safe : Severity::breaking));
    }
  }
}

TEST_CASE("drift rules: each id is there once, and each schema rule has a reason") {
  std::set<std::string> ids;
  for (const auto& rule : rules()) {
    CHECK_MESSAGE(ids.insert(rule.id).second, rule.id);
    const bool schema = rule.direction != Direction::mcp && rule.direction != Direction::fleet;
    if (schema) CHECK_MESSAGE(rule.reason.size() > 20, rule.id);
  }
}

TEST_CASE("drift rules: the catalogue has the rules of the list that it started from") {
  std::ifstream file("../shared/drift-rules.tsv");
  if (!file) file.open("../../shared/drift-rules.tsv");
  if (!file) {
    MESSAGE("SKIPPED: no drift-rules.tsv in ../shared");
    return;
  }
  std::size_t seen = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string id;
    std::string direction;
    std::string severity;
    std::getline(fields, id, '\t');
    std::getline(fields, direction, '\t');
    std::getline(fields, severity, '\t');
    if (direction != "input" && direction != "output" && direction != "both") continue;
    ++seen;
    const auto* rule = find_rule(id);
    REQUIRE_MESSAGE(rule != nullptr, id);
    CHECK_MESSAGE(to_string(rule->direction) == direction, id);
    CHECK_MESSAGE(to_string(rule->severity) == severity, id);
  }
  CHECK(seen > 190);
}

}  // namespace
}  // namespace probes::drift
