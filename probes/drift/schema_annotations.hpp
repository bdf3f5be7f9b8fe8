#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mcp/schema/value.hpp"
#include "probes/drift/schema_document.hpp"
#include "probes/drift/schema_place.hpp"

namespace probes::drift {

/// A keyword without effect on what is valid that differs.
struct AnnotationChange {
  std::string rule;
  std::string pointer;
  std::string why;
  std::optional<mcp::schema::Value> before;
  std::optional<mcp::schema::Value> after;
};

/// Compares the annotations of one place. Each side is the chain of references to it, of which the
/// first member that has a keyword counts.
void compare_annotations(std::span<const Spot> older, std::span<const Spot> newer,
                         const SchemaPlace& place, Direction direction,
                         std::vector<AnnotationChange>& changes);

}  // namespace probes::drift
