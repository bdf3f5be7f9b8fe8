#pragma once

#include <vector>

#include "probes/drift/rule.hpp"

namespace probes::drift {

/// The parts that rule.cpp puts together.
std::vector<Rule> schema_rules();   // what a JSON Schema can change: input, output, both
std::vector<Rule> surface_rules();  // the rest of the surface: mcp, fleet

/// The part of surface_rules about tools and the texts that models read.
std::vector<Rule> tool_rules();

}  // namespace probes::drift
