#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/target.hpp"
#include "probes/drift/snapshot.hpp"

namespace cli {

/// Reads a server's surface over a connection of its own, which is closed on every path. Ctrl-C
/// and SIGTERM end it as an error of kind interrupted.
mcp::Result<probes::drift::Snapshot> take_snapshot(Invocation& invocation, Target target,
                                                   std::vector<std::string>& warnings);

}  // namespace cli
