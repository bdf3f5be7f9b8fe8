#include "probes/drift/fleet.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "probes/drift/fleet_changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Type;
using mcp::schema::Value;

Value without(const Value& value, std::string_view name) {
  if (value.find(name) == nullptr) return value;
  Value::Object members = value.object();
  members.erase(members.find(name));
  return Value(std::move(members));
}

Value plain_lists(const Value& lists) {
  if (!lists.is(Type::object)) return lists;
  Value::Object plain;
  for (const auto& [kind, list] : lists.object()) {
    plain.emplace(kind, without(without(list, "order"), "ttlMs"));
  }
  return Value(std::move(plain));
}

/// Groups with their surfaces, in the order in which they were seen.
class Grouping {
 public:
  void add(const Sample& sample) {
    Value surface = surface_of(sample.snapshot);
    auto found = std::ranges::find(surfaces_, surface);
    if (found == surfaces_.end()) {
      surfaces_.push_back(std::move(surface));
      groups_.push_back({.members = {}, .snapshot = sample.snapshot, .versions = {}});
      found = std::prev(surfaces_.end());
    }
    FleetGroup& group = groups_[static_cast<std::size_t>(found - surfaces_.begin())];
    group.members.push_back(sample.label);
    const auto version = sample.snapshot.text("serverInfo", "version");
    if (!version.empty() && std::ranges::find(group.versions, version) == group.versions.end()) {
      group.versions.push_back(version);
    }
  }

  std::vector<FleetGroup> largest_first() {
    std::ranges::stable_sort(groups_, std::greater<>(),
                             [](const FleetGroup& group) { return group.members.size(); });
    return std::move(groups_);
  }

 private:
  std::vector<Value> surfaces_;
  std::vector<FleetGroup> groups_;
};

FleetPair judged_pair(const std::vector<FleetGroup>& groups, std::size_t from, std::size_t to,
                      const DiffOptions& diff_options, const GateOptions& gate_options) {
  const Snapshot& learnt = groups[from].snapshot;
  const Snapshot& met = groups[to].snapshot;
  FleetPair pair{
      .from = from, .to = to, .diff = diff(learnt, met, diff_options), .verdict = Verdict()};
  pair.verdict = judge(pair.diff, learnt, met, gate_options);
  return pair;
}

}  // namespace

Value surface_of(const Snapshot& snapshot) {
  static constexpr std::array<std::string_view, 4> about_the_file = {"schema_version", "digest",
                                                                     "digests", "redacted"};
  Value::Object surface;
  for (const auto& [name, member] : snapshot.document().object()) {
    if (std::ranges::find(about_the_file, name) != about_the_file.end()) continue;
    if (name == "lists") {
      surface.emplace(name, plain_lists(member));
    } else if (name == "discover") {
      surface.emplace(name, without(member, "ttlMs"));
    } else if (name == "serverInfo") {
      surface.emplace(name, without(member, "version"));
    } else {
      surface.emplace(name, member);
    }
  }
  return Value(std::move(surface));
}

FleetReport compare_fleet(const std::vector<Sample>& samples, const DiffOptions& diff_options,
                          const GateOptions& gate_options) {
  Grouping grouping;
  for (const Sample& sample : samples) grouping.add(sample);
  FleetReport report{.groups = grouping.largest_first(), .pairs = {}, .changes = {}};
  // The versions of replicas are told once, for the fleet, and not as a verdict of each pair.
  GateOptions pair_options = gate_options;
  pair_options.semver = false;
  for (std::size_t one = 0; one < report.groups.size(); ++one) {
    for (std::size_t other = one + 1; other < report.groups.size(); ++other) {
      report.pairs.push_back(judged_pair(report.groups, one, other, diff_options, pair_options));
      report.pairs.push_back(judged_pair(report.groups, other, one, diff_options, pair_options));
    }
  }
  if (samples.empty()) return report;
  Diff whole{.changes = fleet_changes(samples, report.groups, report.pairs)};
  const Snapshot& first = report.groups.front().snapshot;
  report.passed = judge(whole, first, first, pair_options).passed;
  report.changes = std::move(whole.changes);
  return report;
}

}  // namespace probes::drift
