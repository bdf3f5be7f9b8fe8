#pragma once

#include "cli/command.hpp"

namespace cli {

/// `mcpctl diff --list-rules`: the catalogue; errors are of kind usage.
mcp::Result<ExitCode> list_drift_rules(const std::string& output, Invocation& invocation);

}  // namespace cli
