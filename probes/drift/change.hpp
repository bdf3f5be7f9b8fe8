#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/schema/value.hpp"

namespace probes::drift {

enum class Severity { safe, dangerous, breaking };
std::string_view to_string(Severity severity);
std::optional<Severity> severity_named(std::string_view name);

/// Who meets the change: arguments that a client sends, a result that it gets, either schema, the
/// protocol's own surface, or a fleet of replicas.
enum class Direction { input, output, both, mcp, fleet };
std::string_view to_string(Direction direction);

enum class Side { older, newer };

/// A value that proves a breaking schema change: a call's arguments (input) or a structured result
/// (output). One side's schema accepts it and the other one's rejects it; the validator has said
/// so.
struct Witness {
  mcp::schema::Value value;
  Side accepted_by = Side::older;
  std::string pointer;  // JSON Pointer into `value`: where the other side rejects it
  std::string reason;   // what the other side says of it
};

/// How a change was let pass (see gate.hpp).
struct Approval {
  std::string reason;
  std::string expires;  // YYYY-MM-DD
};

/// One difference between two snapshots. All texts are raw: escape them where they are shown.
struct Change {
  std::string rule;  // id in the catalogue (rule.hpp)
  Severity severity = Severity::safe;
  Direction direction = Direction::mcp;
  std::string kind;  // noun of the item ("tool"), "server", "list" or "fleet"
  std::string name;  // key of the item; empty for the server
  /// JSON Pointer into the snapshot: the newer one, or the older where the thing is gone.
  std::string pointer;
  std::string why;  // one sentence: what changed and what follows, with a full stop
  std::optional<mcp::schema::Value> before;
  std::optional<mcp::schema::Value> after;
  std::optional<Witness> witness;
  /// 16 hexadecimal digits over rule, kind, name, pointer, before and after; the same change has
  /// the same one, in whatever order or format the servers wrote their JSON.
  std::string fingerprint;
  std::optional<Approval> approval;
};

/// Worst first, then by kind, name, pointer, rule and fingerprint.
bool comes_first(const Change& left, const Change& right);

/// Fills `severity`, `direction` (from the catalogue) and `fingerprint`. A rule that is not in the
/// catalogue is a bug and throws std::logic_error.
Change make_change(Change change);

}  // namespace probes::drift
