#pragma once

#include "scenarios/complaints.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// What a script says that could not be run: requests before `connect`, a repetition that takes no
/// time, `pace` without rates and rates without `pace`.
void check_script(const Scenario& scenario, Place place, Complaints& complaints);

}  // namespace scenarios
