#include "probes/drift/fleet.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace probes::drift;

/// A modern server; `tools` and `more` are JSON.
Sample sample(std::string label, const std::string& tools, const std::string& version = "1.0.0",
              const std::string& more = "") {
  std::vector<std::string> warnings;
  auto snapshot = read_snapshot(R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},
    "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":")" +
                                    version + R"("}},"tools":)" + tools + more + "}",
                                warnings);
  REQUIRE(snapshot);
  return {std::move(label), std::move(*snapshot)};
}

constexpr auto two_tools = R"([{"name":"a","inputSchema":{"type":"object"}},
  {"name":"b","inputSchema":{"type":"object"}}])";
constexpr auto turned_around = R"([{"name":"b","inputSchema":{"type":"object"}},
  {"name":"a","inputSchema":{"type":"object"}}])";
constexpr auto one_tool = R"([{"name":"a","inputSchema":{"type":"object"}}])";
constexpr auto retitled = R"([{"name":"a","title":"A","inputSchema":{"type":"object"}}])";

std::vector<std::string> rules_of(const FleetReport& report) {
  std::vector<std::string> rules;
  rules.reserve(report.changes.size());
  for (const Change& change : report.changes) rules.push_back(change.rule);
  std::ranges::sort(rules);
  return rules;
}

const Change& change_of(const FleetReport& report, std::string_view rule) {
  const auto found = std::ranges::find(report.changes, rule, &Change::rule);
  REQUIRE(found != report.changes.end());
  return *found;
}

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("fleet: replicas of one surface are one group, and pass") {
  const auto report =
      compare_fleet({sample("sample 1", two_tools), sample("sample 2", two_tools)}, {}, {});
  REQUIRE(report.groups.size() == 1);
  CHECK(report.groups[0].members == std::vector<std::string>{"sample 1", "sample 2"});
  CHECK(report.groups[0].versions == std::vector<std::string>{"1.0.0"});
  CHECK(report.pairs.empty());
  CHECK(report.changes.empty());
  CHECK(report.passed);
}

TEST_CASE("fleet: a split that breaks one direction says which, and whom") {
  const auto report = compare_fleet({sample("sample 1", one_tool, "2.0.0"),
                                     sample("sample 2", two_tools), sample("sample 3", two_tools)},
                                    {}, {});
  REQUIRE(report.groups.size() == 2);
  CHECK(report.groups[0].members == std::vector<std::string>{"sample 2", "sample 3"});
  REQUIRE(report.pairs.size() == 2);
  CHECK(report.pairs[0].verdict.breaking == 1);
  CHECK(report.pairs[1].verdict.breaking == 0);
  CHECK_FALSE(report.passed);
  CHECK(rules_of(report) == Rules{"replica-identity-split", "replica-surface-split"});
  const auto& why = change_of(report, "replica-surface-split").why;
  INFO(why);
  CHECK(why.starts_with(
      "A client that learnt the tools from group A (2 of 3 samples: sample 2, sample 3) and calls "
      "group B (1 of 3 samples: sample 1) breaks: "));
  CHECK(why.ends_with("The other way round, from group B to group A, nothing breaks."));
}

TEST_CASE("fleet: the direction is told right when the smaller group is the one that breaks") {
  const auto report = compare_fleet(
      {sample("1", one_tool, "1"), sample("2", one_tool, "1"), sample("3", two_tools, "2")}, {},
      {});
  CHECK(change_of(report, "replica-surface-split")
            .why.starts_with("A client that learnt the tools from group B (1 of 3 samples: 3) and "
                             "calls group A (2 of 3 samples: 1, 2) breaks: "));
}

TEST_CASE("fleet: a split that breaks both directions says both") {
  const auto report =
      compare_fleet({sample("1", R"([{"name":"old","inputSchema":{}}])", "1"),
                     sample("2", R"([{"name":"other","inputSchema":{"type":"object"}}])", "2")},
                    {}, {});
  const auto& why = change_of(report, "replica-surface-split").why;
  CHECK(why.find(" And the other way round: ") != std::string::npos);
}

TEST_CASE("fleet: a split that breaks nobody is dangerous, and passes unless asked otherwise") {
  const std::vector<Sample> samples = {sample("1", one_tool, "1"), sample("2", retitled, "2")};
  const auto report = compare_fleet(samples, {}, {});
  CHECK(rules_of(report) == Rules{"replica-identity-split", "replica-surface-split-safe"});
  CHECK(report.passed);
  CHECK_FALSE(compare_fleet(samples, {}, {.fail_on = FailOn::dangerous}).passed);
}

TEST_CASE("fleet: settings and approvals decide what counts as breaking in a pair") {
  const std::vector<Sample> samples = {sample("1", two_tools, "1"), sample("2", one_tool, "2")};
  const auto split = compare_fleet(samples, {}, {});
  const auto lenient =
      compare_fleet(samples, {}, {.rules = {{"tool-removed", Severity::dangerous}}});
  CHECK(lenient.passed);
  CHECK(rules_of(lenient) == Rules{"replica-identity-split", "replica-surface-split-safe"});
  const auto& removed = split.pairs[0].diff.changes.front();
  CHECK(removed.rule == "tool-removed");
  const auto approved = compare_fleet(
      samples, {},
      {.approvals = {{removed.fingerprint, "known", "2999-01-01"}}, .today = "2026-01-01"});
  CHECK(approved.passed);
}

TEST_CASE("fleet: order, ttlMs and version alone split no group") {
  const auto report = compare_fleet({sample("1", two_tools, "1", R"(,"ttlMs":5)"),
                                     sample("2", turned_around, "2", R"(,"ttlMs":9)")},
                                    {}, {});
  CHECK(report.groups.size() == 1);
  CHECK(report.groups[0].versions == std::vector<std::string>{"1", "2"});
  CHECK(rules_of(report) == Rules{"replica-identity-split", "tool-order-unstable"});
  CHECK(change_of(report, "replica-identity-split").why.find("1 (1 sample), 2 (1 sample)") !=
        std::string::npos);
}

TEST_CASE("fleet: one server in one version must not list other tools to another connection") {
  const auto report = compare_fleet({sample("1", two_tools), sample("2", one_tool)}, {}, {});
  CHECK(rules_of(report) == Rules{"list-varies-by-connection", "replica-surface-split"});
  CHECK(change_of(report, "list-varies-by-connection").pointer == "/tools");
}

TEST_CASE("fleet: replicas of different eras are told apart") {
  std::vector<std::string> warnings;
  auto legacy = read_snapshot(R"({"protocolVersion":"2025-06-18","capabilities":{"tools":{}},
    "serverInfo":{"name":"s","version":"1.0.0"},"tools":[]})",
                              warnings);
  REQUIRE(legacy);
  const auto report = compare_fleet({sample("1", "[]"), {"2", *legacy}}, {}, {});
  const auto& change = change_of(report, "replica-era-split");
  CHECK(change.why.find("legacy 2025-06-18 (1 sample), modern 2026-07-28 (1 sample)") !=
        std::string::npos);
  CHECK_FALSE(report.passed);
}

TEST_CASE("fleet: a split has one fingerprint, whichever side was seen more often") {
  const auto one = compare_fleet(
      {sample("1", two_tools, "1"), sample("2", one_tool, "2"), sample("3", one_tool, "2")}, {},
      {});
  const auto other = compare_fleet(
      {sample("1", two_tools, "1"), sample("2", turned_around, "1"), sample("3", one_tool, "2")},
      {}, {});
  CHECK(change_of(one, "replica-surface-split").fingerprint ==
        change_of(other, "replica-surface-split").fingerprint);
}

TEST_CASE("fleet: every two of three groups are judged in both directions") {
  const auto report =
      compare_fleet({sample("1", two_tools), sample("2", one_tool), sample("3", retitled)}, {}, {});
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  pairs.reserve(report.pairs.size());
  for (const auto& pair : report.pairs) pairs.emplace_back(pair.from, pair.to);
  CHECK(pairs == std::vector<std::pair<std::size_t, std::size_t>>{
                     {0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}});
}
