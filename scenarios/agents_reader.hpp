#pragma once

#include <optional>
#include <vector>

#include "scenarios/fields.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// "agents: 50", or a mapping with count, arrive, churn, in_flight and connections.
std::optional<Agents> read_agents(const YamlNode& node, Complaints& complaints);

/// The list of phases: {ramp: …}, {steady: …}, {spike: …}, {soak: …}. A ramp without `from` begins
/// at the rate where the phase before it ended. Either all phases have rates or none has.
std::vector<Phase> read_phases(const YamlNode& node, Complaints& complaints);

/// {idle: …} or {capacity: …}.
std::optional<Search> read_search(const YamlNode& node, Complaints& complaints);

}  // namespace scenarios
