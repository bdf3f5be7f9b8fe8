#include "probes/drift/comparable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

constexpr std::string_view handshake_members[] = {
    "era",          "protocolVersion", "supportedVersions", "serverInfo",
    "capabilities", "instructions",    "discover",          "handshake"};

bool has_handshake(const Snapshot& snapshot) {
  return std::ranges::any_of(handshake_members, [&](std::string_view name) {
    return snapshot.document().find(name) != nullptr;
  });
}

std::set<std::string> redacted_by(const Snapshot& snapshot) {
  std::set<std::string> patterns;
  for (const Value& each : array_or_empty(snapshot.document().find("redacted"))) {
    if (each.is(mcp::schema::Type::string)) patterns.insert(each.string());
  }
  return patterns;
}

/// A pattern that is no pointer names nothing, so nothing was left out by it.
Snapshot without(const Snapshot& snapshot, const std::set<std::string>& patterns) {
  Snapshot left = snapshot;
  for (const auto& pattern : patterns) {
    if (auto next = redact(left, {pattern})) left = std::move(*next);
  }
  return left;
}

/// A file of lists does not say in how many pages they came.
Value without_pages(const Value& list) {
  Value::Object members = object_or_empty(&list);
  members.erase("pages");
  return Value(std::move(members));
}

/// Leaves in `snapshot` what stands in a file of lists only, as `bare` is.
Snapshot known_beside(const Snapshot& snapshot, const Snapshot& bare, std::string_view side,
                      std::vector<std::string>& notes) {
  Value::Object members = object_or_empty(&snapshot.document());
  if (has_handshake(snapshot)) {
    for (const auto name : handshake_members) members.erase(std::string(name));
    notes.push_back(
        fmt::format("The {} snapshot is a list without a handshake, so the server, its "
                    "capabilities and revisions are not compared.",
                    side));
  }
  const auto& known = object_or_empty(bare.document().find("lists"));
  Value::Object lists = object_or_empty(snapshot.document().find("lists"));
  for (const auto& kind : item_kinds) {
    const std::string name(kind.member);
    if (known.empty() || !lists.contains(name)) continue;
    if (const auto list = known.find(name); list != known.end()) {
      if (list->second.find("pages") == nullptr) lists[name] = without_pages(lists[name]);
      continue;
    }
    members.erase(name);
    lists.erase(name);
    notes.push_back(
        fmt::format("The {} snapshot has no list of {}, so they are not compared.", side, name));
  }
  if (members.contains("lists")) members.insert_or_assign("lists", Value(std::move(lists)));
  return Snapshot(Value(std::move(members)));
}

}  // namespace

Comparable comparable(const Snapshot& older, const Snapshot& newer) {
  auto patterns = redacted_by(older);
  patterns.merge(redacted_by(newer));
  Comparable both{
      .older = without(older, patterns), .newer = without(newer, patterns), .notes = {}};
  const bool older_is_bare = !has_handshake(older);
  const bool newer_is_bare = !has_handshake(newer);
  if (older_is_bare) both.newer = known_beside(both.newer, older, "older", both.notes);
  if (newer_is_bare) both.older = known_beside(both.older, newer, "newer", both.notes);
  return both;
}

}  // namespace probes::drift
