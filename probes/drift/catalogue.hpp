#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "probes/drift/rule.hpp"

namespace probes::drift {

/// A rule as its table holds it: without a constructor to run before each command.
struct RuleRow {
  std::string_view id;
  Direction direction;
  Severity severity;
  std::string_view reason;
};
std::vector<Rule> made(std::span<const RuleRow> rows);

/// The parts that rule.cpp puts together.
std::vector<Rule> schema_rules();   // what a JSON Schema can change: input, output, both
std::vector<Rule> surface_rules();  // the rest of the surface: mcp, fleet

/// The part of surface_rules about tools and the texts that models read.
std::vector<Rule> tool_rules();

}  // namespace probes::drift
