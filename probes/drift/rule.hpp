#pragma once

#include <span>
#include <string>
#include <string_view>

#include "probes/drift/change.hpp"

namespace probes::drift {

/// A kind of change that can be told: published by its id, which never changes its meaning.
struct Rule {
  std::string id;
  Direction direction = Direction::mcp;
  Severity severity = Severity::safe;
  std::string reason;  // why it has that severity, for `--help`, SARIF and the documentation
};

/// The catalogue, sorted by id. Rules about schemas are made in pairs: what narrows an input
/// schema breaks callers, and the same change of an output schema is safe (and the reverse).
std::span<const Rule> rules();
/// Null when there is no such rule.
const Rule* find_rule(std::string_view id);
/// The same change of a schema seen in the other direction (input ↔ output); null where there is
/// no mirror.
const Rule* mirror_of(const Rule& rule);

}  // namespace probes::drift
