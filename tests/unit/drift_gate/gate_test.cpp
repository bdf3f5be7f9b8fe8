#include "probes/drift/gate.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "mcp/schema/value.hpp"
#include "probes/drift/snapshot.hpp"

using namespace probes::drift;
using mcp::schema::Value;

namespace {

Change change(const char* rule, const char* name) {
  return make_change({.rule = rule,
                      .kind = "tool",
                      .name = name,
                      .pointer = std::string("/tools/") + name,
                      .why = "Because."});
}

/// One breaking, one dangerous and one safe change.
Diff three_changes() {
  Diff diff;
  diff.changes = {change("tool-removed", "a"), change("tool-description-changed", "b"),
                  change("tool-added", "c")};
  return diff;
}

Snapshot snapshot(const std::string& version) {
  return Snapshot(
      Value(Value::Object{{"serverInfo", Value(Value::Object{{"version", Value(version)}})}}));
}

Verdict judged(Diff& diff, const GateOptions& options) {
  return judge(diff, snapshot("1.0.0"), snapshot("1.1.0"), options);
}

std::vector<std::string> rule_ids(const Diff& diff) {
  std::vector<std::string> ids;
  ids.reserve(diff.changes.size());
  for (const auto& each : diff.changes) ids.push_back(each.rule);
  return ids;
}

GateOptions approving(std::vector<ApprovalEntry> entries) {
  return {.approvals = std::move(entries), .today = "2026-11-21"};
}

}  // namespace

TEST_CASE("gate: changes are counted by severity, and breaking ones fail without any option") {
  auto diff = three_changes();
  const auto verdict = judged(diff, {});
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.breaking == 1);
  CHECK(verdict.dangerous == 1);
  CHECK(verdict.safe == 1);
  CHECK(verdict.approved == 0);
  CHECK_FALSE(verdict.semver.has_value());
}

TEST_CASE("gate: --fail-on says from which severity on a change fails") {
  const auto passes = [](std::size_t first, FailOn fail_on) {
    auto diff = three_changes();
    diff.changes.erase(diff.changes.begin(), diff.changes.begin() + static_cast<long>(first));
    return judged(diff, {.fail_on = fail_on}).passed;
  };
  CHECK(passes(1, FailOn::breaking));
  CHECK_FALSE(passes(1, FailOn::dangerous));
  CHECK(passes(2, FailOn::dangerous));
  CHECK_FALSE(passes(2, FailOn::any));
  CHECK(passes(3, FailOn::any));
}

TEST_CASE("gate: a rule's severity can be changed, and the worst stay first") {
  auto diff = three_changes();
  const auto verdict = judged(
      diff, {.rules = {{"tool-removed", Severity::safe}, {"tool-added", Severity::breaking}}});
  CHECK(rule_ids(diff) ==
        std::vector<std::string>{"tool-added", "tool-description-changed", "tool-removed"});
  CHECK(verdict.breaking == 1);
  CHECK_FALSE(verdict.passed);
}

TEST_CASE("gate: a rule that is off is not reported, and of two settings the last one counts") {
  auto diff = three_changes();
  const auto verdict =
      judged(diff, {.rules = {{"tool-removed", Severity::safe}, {"tool-removed", std::nullopt}}});
  CHECK(rule_ids(diff) == std::vector<std::string>{"tool-description-changed", "tool-added"});
  CHECK(verdict.passed);
}

TEST_CASE("gate: an approved change is marked and does not fail") {
  auto diff = three_changes();
  const auto verdict =
      judged(diff, approving({{diff.changes[0].fingerprint, "announced", "2026-11-21"}}));
  CHECK(verdict.passed);
  CHECK(verdict.breaking == 0);
  CHECK(verdict.approved == 1);
  REQUIRE(diff.changes[0].approval.has_value());
  CHECK(diff.changes[0].approval->reason == "announced");
  REQUIRE(verdict.approvals.size() == 1);
  CHECK(verdict.approvals[0].state == ApprovalState::used);
}

TEST_CASE("gate: an expired approval does not count, from the day after on") {
  auto diff = three_changes();
  const auto verdict =
      judged(diff, approving({{diff.changes[0].fingerprint, "announced", "2026-11-20"}}));
  CHECK_FALSE(verdict.passed);
  CHECK(verdict.approved == 0);
  CHECK_FALSE(diff.changes[0].approval.has_value());
  CHECK(verdict.approvals[0].state == ApprovalState::expired);
}

TEST_CASE("gate: approvals that are expired or unused come first") {
  auto diff = three_changes();
  const auto verdict = judged(diff, approving({{diff.changes[0].fingerprint, "a", "2027-01-01"},
                                               {"0000000000000000", "b", "2027-01-01"},
                                               {"1111111111111111", "c", "2020-01-01"}}));
  REQUIRE(verdict.approvals.size() == 3);
  CHECK(verdict.approvals[0].state == ApprovalState::expired);
  CHECK(verdict.approvals[1].state == ApprovalState::unused);
  CHECK(verdict.approvals[2].state == ApprovalState::used);
}

TEST_CASE("gate: of an expired and a good approval of one change the good one counts") {
  auto diff = three_changes();
  const auto& fingerprint = diff.changes[0].fingerprint;
  CHECK(
      judged(diff, approving({{fingerprint, "a", "2027-01-01"}, {fingerprint, "b", "2020-01-01"}}))
          .passed);
}

TEST_CASE("gate: an approval is no reason for a smaller version") {
  auto diff = three_changes();
  auto options = approving({{diff.changes[0].fingerprint, "announced", "2027-01-01"}});
  options.semver = true;
  const auto verdict = judged(diff, options);
  REQUIRE(verdict.semver.has_value());
  CHECK(verdict.semver->needed == VersionPart::major);
  CHECK(verdict.semver->older_version == "1.0.0");
  CHECK(verdict.semver->newer_version == "1.1.0");
  CHECK_FALSE(verdict.semver->grew_enough);
  CHECK_FALSE(verdict.passed);
}

TEST_CASE("gate: the names of --fail-on") {
  CHECK(fail_on_named("breaking") == FailOn::breaking);
  CHECK(fail_on_named("dangerous") == FailOn::dangerous);
  CHECK(fail_on_named("any") == FailOn::any);
  CHECK_FALSE(fail_on_named("safe").has_value());
}

TEST_CASE("gate: with --semver a version that did not grow enough fails, too") {
  const GateOptions options{.semver = true};
  Diff added;
  added.changes = {change("tool-added", "c")};
  CHECK(judge(added, snapshot("1.0.0"), snapshot("1.1.0"), options).passed);
  CHECK_FALSE(judge(added, snapshot("1.0.0"), snapshot("1.0.1"), options).passed);
  CHECK(judge(added, snapshot("1.0.0"), snapshot("1.0.1"), {}).passed);
}

TEST_CASE("gate: with --semver no version is asked for where nothing changed") {
  Diff none;
  CHECK(judge(none, snapshot(""), snapshot(""), {.semver = true}).passed);
}
