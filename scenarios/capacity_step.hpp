#pragma once

#include "scenarios/capacity_finder.hpp"
#include "scenarios/recording.hpp"

namespace scenarios {

/// The scenario of one step of a capacity search: its rate for the step's time.
Scenario scenario_at(const Scenario& scenario, const Rate& rate);

/// Handshakes still count as requests that may fail, but not as latencies: how many there are
/// depends on the agents and not on the rate.
Recording without_handshakes(Recording recording);

/// What the step showed.
CapacityStep step_of(const Scenario& scenario, const Rate& rate, const Recording& recording);

}  // namespace scenarios
