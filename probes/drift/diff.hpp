#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "probes/drift/change.hpp"
#include "probes/drift/schema_changes.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {

struct DiffOptions {
  FormatRule formats = FormatRule::annotation;
  /// Growth of the tool list's estimated tokens that is worth a change of its own.
  std::size_t token_growth = 1000;
  std::function<bool()> expired;
  /// The two are the eras of one server at one time: the era, its revisions, and what only one era
  /// can say (tasks, extensions, ttlMs, cacheScope) are then no changes.
  bool compare_eras = false;
};

/// What the tool list costs a model's context. Tokens are an estimate (bytes of compact JSON / 4).
struct ContextCost {
  std::size_t bytes = 0;
  std::size_t tokens = 0;
};
ContextCost context_cost(const Snapshot& snapshot);

struct Diff {
  std::vector<Change> changes;  // worst first, then by kind, name, pointer, rule
  ContextCost older_cost;
  ContextCost newer_cost;
  /// Sentences: what could not be compared, since one side is a bare list of tools.
  std::vector<std::string> notes;
};

/// Everything that differs between two snapshots. What either one has redacted is left out of both.
Diff diff(const Snapshot& older, const Snapshot& newer, const DiffOptions& options = {});

/// One group of rules each (diff.cpp has the table): tools (all of a tool but its schemas' insides,
/// which are schema_changes), text, prompts, resources, server, lists.
using Compare = void (*)(const Snapshot& older, const Snapshot& newer, const DiffOptions& options,
                         std::vector<Change>& changes);

}  // namespace probes::drift
