#pragma once

#include <string>
#include <vector>

#include "probes/drift/fleet.hpp"

namespace probes::drift {

/// "A" for the largest group, and so on; what the sentences about a fleet call it.
std::string group_name(std::size_t index);

/// What a client sees of a server but the order of its lists, how long they may be kept, and the
/// server's version: what replicas of one roll-out share.
mcp::schema::Value surface_of(const Snapshot& snapshot);

/// The changes of the fleet as a whole. `pairs` must hold both directions of every two groups, one
/// after the other.
std::vector<Change> fleet_changes(const std::vector<Sample>& samples,
                                  const std::vector<FleetGroup>& groups,
                                  const std::vector<FleetPair>& pairs);

}  // namespace probes::drift
