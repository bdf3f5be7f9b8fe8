#pragma once

#include <cstddef>
#include <optional>

#include "cli/command.hpp"
#include "cli/commands/probe_fleet.hpp"
#include "mcp/base/time.hpp"
#include "probes/health/options.hpp"

namespace cli {

enum class WatchOutput { lines, json };

struct ProbeWatchPlan {
  mcp::Duration interval{};
  std::optional<std::size_t> count;  // unset: until a signal comes
  WatchOutput output = WatchOutput::lines;
};

/// The one of two that says more about what to do first.
ExitCode worse_of(ExitCode left, ExitCode right);

/// The beginning of the next run: on the beat that began at `start`, and never in the past. A run
/// that took longer than the interval costs the beats that it took.
mcp::TimePoint next_beat(mcp::TimePoint start, mcp::Duration interval, mcp::TimePoint now);

/// Probes the target again and again, and tells each result as it comes. The exit code is that of
/// the worst run, or `interrupted` when a signal ended it.
mcp::Result<ExitCode> watch_target(ProbeJob job, probes::ProbeOptions options,
                                   const ProbeWatchPlan& plan, Invocation& invocation);

}  // namespace cli
