#pragma once

#include "scenarios/scenario_reader.hpp"

namespace scenarios {

/// Reads every file that a request takes its arguments from: one object, or an array of objects.
void read_argument_files(Scenario& scenario, const ReadOptions& options, Complaints& complaints);

}  // namespace scenarios
