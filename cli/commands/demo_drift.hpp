#pragma once

#include "cli/command.hpp"

namespace cli {

/// Takes snapshots of two test servers, of which the second one changed a tool, and prints the
/// diff. Ok when that is breaking, as it is meant to be.
mcp::Result<ExitCode> show_drift(Invocation& invocation);

}  // namespace cli
