#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/target.hpp"
#include "probes/drift/snapshot.hpp"

namespace cli {

/// Reads a server's surface over a connection of its own, which is closed on every path. Ctrl-C
/// and SIGTERM end it as an error of kind interrupted. `pings` requests without effect come before
/// the lists: a balancer that deals out requests in turn then gives the lists to another replica.
mcp::Result<probes::drift::Snapshot> take_snapshot(Invocation& invocation, Target target,
                                                   std::vector<std::string>& warnings,
                                                   std::size_t pings = 0);

}  // namespace cli
