#pragma once

#include "cli/commands/diff_options.hpp"
#include "cli/render/drift/format.hpp"

namespace cli {

/// `mcpctl diff --fleet TARGET`: samples the replicas behind one address, compares every two groups
/// of them, and does it again with --watch. The flags must have passed `fleet_plan_of`.
mcp::Result<ExitCode> run_fleet(const DiffFlags& flags, const DiffSettings& settings,
                                const DriftFormat& format, const DriftStyle& style,
                                Invocation& invocation);

}  // namespace cli
