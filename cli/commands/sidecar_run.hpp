#pragma once

#include "cli/commands/sidecar_options.hpp"

namespace cli {

/// Serves until SIGTERM or SIGINT, then drains and leaves nothing behind on the server. The second
/// signal kills.
mcp::Result<ExitCode> run_sidecar(SidecarPlan plan, Invocation& invocation);

}  // namespace cli
