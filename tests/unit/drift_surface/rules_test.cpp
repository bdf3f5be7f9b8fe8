#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "probes/drift/catalogue.hpp"
#include "probes/drift/rule.hpp"
#include "tests/unit/drift_surface/rule_cases.hpp"
#include "tests/unit/drift_surface/snapshots.hpp"

using namespace drift_surface;
using namespace probes::drift;

namespace {

std::vector<RuleCase> all_cases() {
  auto cases = tool_cases();
  for (const auto& each : surface_cases()) cases.push_back(each);
  return cases;
}

std::string others(const std::vector<Change>& found, std::string_view rule) {
  std::vector<std::string> ids = rules_of(found);
  std::erase(ids, std::string(rule));
  std::ranges::sort(ids);
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : " ") + id;
  return text;
}

/// What no two snapshots can show: it takes several readings, or several servers.
const std::set<std::string, std::less<>> live_rules = {
    "tool-order-unstable",         // two readings of one replica that differ only in order
    "pagination-cursor-unstable",  // one list read twice
    "list-varies-by-connection",   // the same moment, on two connections
    "drift-within-ttl",            // the time between two readings
    "replica-surface-split",      "replica-surface-split-safe",
    "replica-identity-split",     "replica-era-split",
};

}  // namespace

TEST_CASE("drift rules: each one is told where it stands, and no other speaks in its case") {
  for (const auto& each : all_cases()) {
    CAPTURE(each.rule);
    const auto found = changes(each.older, each.newer);
    const auto change = only(found, each.rule);
    CHECK(change.pointer == each.pointer);
    if (each.also != "*") CHECK(others(found, each.rule) == each.also);
  }
}

TEST_CASE("drift rules: every rule of the surface has a case, but those that need live samples") {
  std::set<std::string> shown;
  for (const auto& each : all_cases()) shown.emplace(each.rule);
  std::vector<std::string> missing;
  for (const Rule& rule : surface_rules()) {
    if (!shown.contains(rule.id) && !live_rules.contains(rule.id)) missing.push_back(rule.id);
  }
  CHECK(missing == std::vector<std::string>{});
}

TEST_CASE("drift rules: each change says in one sentence what it is about") {
  for (const auto& each : all_cases()) {
    for (const auto& change : changes(each.older, each.newer)) {
      CAPTURE(change.why);
      CHECK(change.why.size() > 15);
      CHECK(change.why.ends_with('.'));
      CHECK((change.why.front() >= 'A' && change.why.front() <= 'Z'));
    }
  }
}

TEST_CASE("drift rules: nothing is told of a snapshot and itself") {
  for (const auto& each : all_cases()) {
    CAPTURE(each.rule);
    CHECK(rules_of(changes(each.newer, each.newer)) == std::vector<std::string>{});
  }
}

TEST_CASE("drift rules: what differs is told in either direction") {
  for (const auto& each : all_cases()) {
    CAPTURE(each.rule);
    if (each.rule == "pagination-item-duplicated" || each.rule == "tool-duplicate-name") continue;
    CHECK(!changes(each.newer, each.older).empty());
  }
}

TEST_CASE("drift rules: every reason in the catalogue is a sentence") {
  for (const Rule& rule : surface_rules()) {
    CAPTURE(rule.id);
    CHECK(rule.reason.size() > 20);
    CHECK(rule.reason.ends_with('.'));
  }
}
