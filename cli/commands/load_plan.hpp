#pragma once

#include <optional>

#include "cli/commands/load.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// Everything that is known about a run before anything is sent.
struct LoadPlan {
  scenarios::Scenario scenario;
  Target target;
  scenarios::Shard shard;
  unsigned threads = 1;
  std::optional<scenarios::Results::Start> start_at;
  bool cold = false;
  mcp::Duration phases_start{};
  std::vector<scenarios::Step> steps;
  mcp::Duration length{};  // Duration::max() where scripts end by themselves
};

/// From the command line. Raises the limit of open files to what the plan needs.
mcp::Result<LoadPlan> make_load_plan(const LoadOptions& options, Invocation& invocation);

}  // namespace cli
