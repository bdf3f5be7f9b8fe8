#pragma once

#include <string>
#include <string_view>

#include "cli/world.hpp"
#include "mcp/base/error.hpp"

namespace cli {

/// Fills in `${NAME}`, `${env:NAME}` and `${NAME:-default}`, as editors do in their mcp.json, and
/// `${workspaceFolder}` and `${userHome}`. A variable that is not set is a usage error that names
/// it; values are never part of a message.
mcp::Result<std::string> expand_variables(std::string_view text, const World& world);

}  // namespace cli
