#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mcp/schema/value.hpp"
#include "probes/drift/change.hpp"

namespace probes::drift {

enum class FormatRule { annotation, asserted };

/// Two versions of one tool's schema.
struct SchemaPair {
  const mcp::schema::Value& older;
  const mcp::schema::Value& newer;
  Direction direction = Direction::input;  // input or output
  std::string kind;                        // of the changes: "tool"
  std::string name;
  std::string pointer;  // of the schema in the snapshot: "/tools/NAME/inputSchema"
  FormatRule formats = FormatRule::annotation;
  /// True ends the proofs, which then count as undecided. The library reads no clock.
  std::function<bool()> expired;
};

/// What differs, by meaning. The whole is decided first (schema/inclusion.hpp): a breaking change
/// is reported only when some value that one side accepts is rejected by the other, with that value
/// as the witness; the keywords that differ then say where. Rewriting without effect is one
/// `schema-equivalent`. No proof in either way is `schema-undecided`, never safe.
std::vector<Change> schema_changes(const SchemaPair& pair);

}  // namespace probes::drift
