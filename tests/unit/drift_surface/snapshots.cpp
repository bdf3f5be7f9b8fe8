#include "tests/unit/drift_surface/snapshots.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace drift_surface {

using namespace probes::drift;

Snapshot snapshot(std::string_view document) {
  const auto value = mcp::schema::parse_value(document);
  REQUIRE_MESSAGE(value.has_value(), std::string(document));
  return Snapshot(*value);
}

Snapshot with_tools(std::string_view tools) {
  return snapshot(R"({"era":"legacy","tools":)" + std::string(tools) + "}");
}

std::vector<Change> changes(std::string_view older, std::string_view newer,
                            const DiffOptions& options) {
  return diff(snapshot(older), snapshot(newer), options).changes;
}

std::vector<std::string> rules_of(const std::vector<Change>& changes) {
  std::vector<std::string> ids;
  ids.reserve(changes.size());
  for (const auto& change : changes) ids.push_back(change.rule);
  return ids;
}

Change only(const std::vector<Change>& changes, std::string_view rule) {
  REQUIRE(std::ranges::count(changes, rule, &Change::rule) == 1);
  return *std::ranges::find(changes, rule, &Change::rule);
}

}  // namespace drift_surface
