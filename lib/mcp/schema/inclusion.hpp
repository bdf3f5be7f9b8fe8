#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "mcp/schema/schema.hpp"
#include "mcp/schema/validator.hpp"

namespace mcp::schema {

struct InclusionLimits {
  /// How deep a witness may nest.
  std::size_t depth = 260;
  /// Statements looked at; ten millions take a second or two.
  std::size_t steps = 8'000'000;
  /// Asked now and then; true ends the work as undecided. The library reads no clock by itself.
  std::function<bool()> expired;
};

enum class Verdict { included, not_included, undecided };

struct Inclusion {
  Verdict verdict = Verdict::undecided;
  /// Of not_included: an instance that the validator accepts for `inner` and rejects for `outer`.
  std::optional<Value> witness;
  /// Where and why `outer` rejects the witness.
  std::optional<Violation> violation;
  /// Of undecided: why.
  std::string reason;
};

/// Whether every instance of `inner` is an instance of `outer`. "included" is a proof, and a
/// witness has been checked by the validator.
Inclusion compare(const Schema& inner, const Schema& outer, const InclusionLimits& limits = {});

}  // namespace mcp::schema
