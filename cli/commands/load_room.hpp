#pragma once

#include <cstddef>

#include "cli/commands/load_plan.hpp"

namespace cli {

/// Whether this machine has room for so many agents: open files, whose limit is raised as far as
/// this process may, and ports of the addresses that are connected from. Errors are of kind usage.
mcp::Result<void> make_room(const LoadPlan& plan, std::size_t agents);

}  // namespace cli
