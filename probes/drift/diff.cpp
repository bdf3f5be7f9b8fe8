#include "probes/drift/diff.hpp"

#include <algorithm>
#include <utility>

#include "probes/drift/changes.hpp"
#include "probes/drift/comparable.hpp"

namespace probes::drift {
namespace {

constexpr Compare groups[] = {
    compare_tools,        compare_tool_names, compare_tool_schemas, compare_annotations,
    compare_tool_headers, compare_prompts,    compare_resources,    compare_templates,
    compare_server,       compare_revisions,  compare_capabilities, compare_lists,
    compare_caching,      compare_texts,      compare_the_rest,
};

std::vector<Change> changes_between(const Snapshot& older, const Snapshot& newer,
                                    const DiffOptions& options) {
  std::vector<Change> changes;
  for (const Compare compare : groups) compare(older, newer, options, changes);
  std::ranges::sort(changes, comes_first);
  return changes;
}

}  // namespace

Diff diff(const Snapshot& older, const Snapshot& newer, const DiffOptions& options) {
  auto both = comparable(older, newer);
  return {.changes = changes_between(both.older, both.newer, options),
          .older_cost = context_cost(both.older),
          .newer_cost = context_cost(both.newer),
          .notes = std::move(both.notes)};
}

}  // namespace probes::drift
