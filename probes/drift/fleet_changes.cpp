#include "probes/drift/fleet_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "mcp/base/digest.hpp"
#include "mcp/session/revision.hpp"
#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

constexpr std::size_t members_named = 5;

struct Fleet {
  const std::vector<Sample>& samples;
  const std::vector<FleetGroup>& groups;
};

/// "group A (2 of 5 samples: sample 1, sample 4)"
std::string described(const Fleet& fleet, std::size_t index) {
  const auto& members = fleet.groups[index].members;
  std::string names;
  for (std::size_t each = 0; each < std::min(members.size(), members_named); ++each) {
    names += (each == 0 ? "" : ", ") + members[each];
  }
  if (members.size() > members_named) names += ", …";
  return fmt::format("group {} ({} of {} samples: {})", group_name(index), members.size(),
                     fleet.samples.size(), names);
}

/// The first of those that break a client, as they are sorted worst first.
const Change* breaking_change(const FleetPair& pair) {
  const auto found = std::ranges::find_if(pair.diff.changes, [](const Change& change) {
    return change.severity == Severity::breaking && !change.approval;
  });
  return found == pair.diff.changes.end() ? nullptr : &*found;
}

/// "A client that learnt the tools from … and calls … breaks: WHY"
std::string broken_direction(const Fleet& fleet, const FleetPair& pair) {
  const auto others = pair.verdict.breaking - 1;
  const auto more = others == 0 ? "" : fmt::format(" ({} more like it.)", others);
  return fmt::format("A client that learnt the tools from {} and calls {} breaks: {}{}",
                     described(fleet, pair.from), described(fleet, pair.to),
                     breaking_change(pair)->why, more);
}

std::string why_split(const Fleet& fleet, const FleetPair& there, const FleetPair& back) {
  if (there.verdict.breaking > 0 && back.verdict.breaking > 0) {
    return broken_direction(fleet, there) +
           " And the other way round: " + breaking_change(back)->why;
  }
  const FleetPair& broken = there.verdict.breaking > 0 ? there : back;
  return broken_direction(fleet, broken) +
         fmt::format(" The other way round, from group {} to group {}, nothing breaks.",
                     group_name(broken.to), group_name(broken.from));
}

Change fleet_change(std::string rule, std::string pointer, std::string why) {
  return {.rule = std::move(rule),
          .kind = "fleet",
          .name = "",
          .pointer = std::move(pointer),
          .why = std::move(why),
          .before = std::nullopt,
          .after = std::nullopt};
}

Value surface_digest(const FleetGroup& group) {
  return Value(mcp::sha256_digest(surface_of(group.snapshot).text()));
}

/// Both surfaces identify a split, whichever of them was seen more often.
Change split_change(const Fleet& fleet, const FleetPair& there, const FleetPair& back) {
  const bool breaks = there.verdict.breaking > 0 || back.verdict.breaking > 0;
  auto change =
      breaks ? fleet_change("replica-surface-split", "", why_split(fleet, there, back))
             : fleet_change("replica-surface-split-safe", "",
                            fmt::format("Replicas show different surfaces, {} and {}, but a client "
                                        "of either one can call the other.",
                                        described(fleet, there.from), described(fleet, there.to)));
  change.before = surface_digest(fleet.groups[there.from]);
  change.after = surface_digest(fleet.groups[there.to]);
  if (*change.after < *change.before) std::swap(change.before, change.after);
  return make_change(std::move(change));
}

void add_splits(const Fleet& fleet, const std::vector<FleetPair>& pairs,
                std::vector<Change>& changes) {
  for (std::size_t index = 0; index + 1 < pairs.size(); index += 2) {
    changes.push_back(split_change(fleet, pairs[index], pairs[index + 1]));
  }
}

/// "1.2.0 (3 samples), 1.3.0 (2 samples)"; empty where all are alike.
template <typename Text>
std::string differing(const Fleet& fleet, const Text& text, Value::Array& values) {
  std::map<std::string, std::size_t> counts;
  for (const Sample& sample : fleet.samples) ++counts[text(sample.snapshot)];
  if (counts.size() < 2) return {};
  std::string out;
  for (const auto& [each, count] : counts) {
    out += fmt::format("{}{} ({} sample{})", out.empty() ? "" : ", ", each.empty() ? "none" : each,
                       count, count == 1 ? "" : "s");
    values.emplace_back(each);
  }
  return out;
}

void add_identity(const Fleet& fleet, std::vector<Change>& changes) {
  Value::Array values;
  const auto versions = differing(
      fleet, [](const Snapshot& each) { return each.text("serverInfo", "version"); }, values);
  if (versions.empty()) return;
  auto change = fleet_change(
      "replica-identity-split", "/serverInfo/version",
      fmt::format("Replicas say that they are of different versions: {}, as they do in the middle "
                  "of a roll-out.",
                  versions));
  change.after = Value(std::move(values));
  changes.push_back(make_change(std::move(change)));
}

/// "modern 2026-07-28" with the sorted list of a server's revisions.
std::string spoken(const Snapshot& snapshot) {
  std::set<std::string> revisions;
  for (const Value& each : array_or_empty(snapshot.document().find("supportedVersions"))) {
    if (each.is(mcp::schema::Type::string)) revisions.insert(each.string());
  }
  if (revisions.empty()) revisions.insert(snapshot.text("protocolVersion"));
  std::string out = snapshot.text("era");
  for (const auto& each : revisions) out += " " + each;
  return out;
}

void add_eras(const Fleet& fleet, std::vector<Change>& changes) {
  Value::Array values;
  const auto eras = differing(fleet, spoken, values);
  if (eras.empty()) return;
  auto change =
      fleet_change("replica-era-split", "/protocolVersion",
                   fmt::format("Replicas speak different revisions: {}. A client that agreed on "
                               "one with a replica is refused by the next.",
                               eras));
  change.after = Value(std::move(values));
  changes.push_back(make_change(std::move(change)));
}

bool is_modern(const Snapshot& snapshot) {
  return snapshot.text("era") == mcp::to_string(mcp::Era::modern);
}

bool same_identity(const FleetGroup& one, const FleetGroup& other) {
  if (one.snapshot.text("serverInfo", "name") != other.snapshot.text("serverInfo", "name")) {
    return false;
  }
  return std::ranges::find_first_of(one.versions, other.versions) != one.versions.end();
}

/// 2026-07-28: a list does not depend on the connection that it is asked over.
void add_varying_lists(const Fleet& fleet, const std::vector<FleetPair>& pairs,
                       std::vector<Change>& changes) {
  for (const ItemKind& kind : item_kinds) {
    const auto varies = std::ranges::find_if(pairs, [&](const FleetPair& pair) {
      const FleetGroup& one = fleet.groups[pair.from];
      const FleetGroup& other = fleet.groups[pair.to];
      return is_modern(one.snapshot) && is_modern(other.snapshot) && same_identity(one, other) &&
             one.snapshot.items(kind) != other.snapshot.items(kind);
    });
    if (varies == pairs.end()) continue;
    changes.push_back(make_change(fleet_change(
        "list-varies-by-connection", "/" + std::string(kind.member),
        fmt::format("The same server in the same version lists other {}s to {} than "
                    "to {}, although a list must not depend on the connection.",
                    kind.noun, described(fleet, varies->from), described(fleet, varies->to)))));
  }
}

/// The first two members of a group whose tools come in different orders.
void add_unstable_order(const Fleet& fleet, std::vector<Change>& changes) {
  std::map<std::string, const Sample*> by_label;
  for (const Sample& sample : fleet.samples) by_label.emplace(sample.label, &sample);
  for (const FleetGroup& group : fleet.groups) {
    const auto order = group.snapshot.order(tool_kind);
    const auto other = std::ranges::find_if(group.members, [&](const std::string& label) {
      return by_label.at(label)->snapshot.order(tool_kind) != order;
    });
    if (other == group.members.end()) continue;
    changes.push_back(make_change(
        fleet_change("tool-order-unstable", "/lists/tools/order",
                     fmt::format("The same tools come in another order from {} to {}: a model's "
                                 "cached prompt is of no use.",
                                 group.members.front(), *other))));
    return;
  }
}

}  // namespace

std::string group_name(std::size_t index) {
  constexpr std::size_t letters = 26;
  if (index < letters) return std::string(1, static_cast<char>('A' + index));
  return fmt::format("{}", index + 1);
}

std::vector<Change> fleet_changes(const std::vector<Sample>& samples,
                                  const std::vector<FleetGroup>& groups,
                                  const std::vector<FleetPair>& pairs) {
  const Fleet fleet{.samples = samples, .groups = groups};
  std::vector<Change> changes;
  add_splits(fleet, pairs, changes);
  add_eras(fleet, changes);
  add_varying_lists(fleet, pairs, changes);
  add_unstable_order(fleet, changes);
  add_identity(fleet, changes);
  return changes;
}

}  // namespace probes::drift
