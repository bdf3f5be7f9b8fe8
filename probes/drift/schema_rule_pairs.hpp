#pragma once

#include <span>
#include <string_view>

namespace probes::drift {

/// One keyword's change in its two forms: the older schema's values become fewer, or more. Each
/// form is a rule for input and one for output, which makes four of a row.
struct RulePair {
  std::string_view shrinks;  // the id without its direction: "min-length-increased"
  std::string_view grows;
  /// What a reader is told of each form; clauses without a full stop.
  std::string_view shrinking;
  std::string_view growing;
};

std::span<const RulePair> schema_rule_pairs();

}  // namespace probes::drift
