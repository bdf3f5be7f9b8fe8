#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/schema/schema.hpp"
#include "mcp/schema/validator.hpp"
#include "probes/drift/schema_changes.hpp"

namespace probes::drift::test {

using mcp::schema::Value;

inline Value json(std::string_view text) {
  auto value = mcp::schema::parse_value(text);
  REQUIRE_MESSAGE(value.has_value(), text);
  return *value;
}

inline std::vector<Change> changes_of(const Value& older, const Value& newer,
                                      Direction direction = Direction::input,
                                      const std::string& kind = "schema") {
  return schema_changes({.older = older,
                         .newer = newer,
                         .direction = direction,
                         .kind = kind,
                         .name = "t",
                         .pointer = "/tools/t/inputSchema",
                         .formats = FormatRule::annotation,
                         .expired = {}});
}

inline std::vector<Change> changes_of(std::string_view older, std::string_view newer,
                                      Direction direction = Direction::input,
                                      const std::string& kind = "schema") {
  return changes_of(json(older), json(newer), direction, kind);
}

inline bool is_breaking(const std::vector<Change>& changes) {
  return std::ranges::any_of(
      changes, [](const Change& each) { return each.severity == Severity::breaking; });
}

/// By the sets of values alone: whatever severity the catalogue gives it, a witness shows a break.
inline bool has_break(const std::vector<Change>& changes) {
  return std::ranges::any_of(changes, [](const Change& each) {
    return each.severity == Severity::breaking || each.witness.has_value();
  });
}

/// Empty when every breaking change has a witness, and each witness is one that one schema accepts
/// and the other rejects.
inline std::string unproved(const std::vector<Change>& changes, const Value& older,
                            const Value& newer) {
  const auto old_schema = mcp::schema::Schema::compile(older);
  const auto new_schema = mcp::schema::Schema::compile(newer);
  if (!old_schema || !new_schema) return {};
  mcp::schema::Validator old_validator(*old_schema);
  mcp::schema::Validator new_validator(*new_schema);
  for (const auto& change : changes) {
    if (change.severity != Severity::breaking && !change.witness) continue;
    if (!change.witness) return change.rule + " has no witness";
    const bool input = change.witness->accepted_by == Side::older;
    const auto by_older = old_validator.accepts(change.witness->value);
    const auto by_newer = new_validator.accepts(change.witness->value);
    const bool good = by_older && by_newer && *by_older == input && *by_newer == !input;
    if (!good) return change.rule + " has a false witness " + change.witness->value.text();
  }
  return {};
}

}  // namespace probes::drift::test
