#include "probes/drift/diff.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

constexpr Compare groups[] = {
    compare_tools,        compare_tool_names, compare_tool_schemas, compare_annotations,
    compare_tool_headers, compare_prompts,    compare_resources,    compare_templates,
    compare_server,       compare_revisions,  compare_capabilities, compare_lists,
    compare_caching,      compare_texts,      compare_the_rest,
};

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

bool comes_first(const Change& left, const Change& right) {
  if (left.severity != right.severity) return left.severity > right.severity;
  return std::tie(left.kind, left.name, left.pointer, left.rule, left.fingerprint) <
         std::tie(right.kind, right.name, right.pointer, right.rule, right.fingerprint);
}

std::vector<Change> changes_between(const Snapshot& older, const Snapshot& newer,
                                    const DiffOptions& options) {
  std::vector<Change> changes;
  for (const Compare compare : groups) compare(older, newer, options, changes);
  std::ranges::sort(changes, comes_first);
  return changes;
}

}  // namespace

Diff diff(const Snapshot& older, const Snapshot& newer, const DiffOptions& options) {
  auto patterns = redacted_by(older);
  patterns.merge(redacted_by(newer));
  const auto before = without(older, patterns);
  const auto after = without(newer, patterns);
  return {.changes = changes_between(before, after, options),
          .older_cost = context_cost(before),
          .newer_cost = context_cost(after)};
}

}  // namespace probes::drift
