#pragma once

#include <optional>
#include <span>

#include "mcp/schema/inclusion.hpp"

namespace mcp::schema {

/// What is known of a value that some schemas accept and others reject.
struct Search {
  enum class Outcome { found, none, unknown };
  Outcome outcome = Outcome::unknown;
  /// Of found: the validator has said that each schema does with it what was asked.
  std::optional<Value> value;
};

/// A small value that all of `accepting` accept and all of `rejecting` reject. "none" is a proof.
/// `compare` is the case of one and one, with more effort where the search has no answer.
Search find_value(std::span<const Schema* const> accepting,
                  std::span<const Schema* const> rejecting, const InclusionLimits& limits = {});

}  // namespace mcp::schema
