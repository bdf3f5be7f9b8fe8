#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "mcp/base/time.hpp"

namespace cli {

/// The options of `mcpctl diff` about fleets and repetition, as they stand on the command line.
struct FleetFlags {
  bool fleet = false;
  std::string samples;
  std::string pods;
  std::string watch;
  std::string rounds;
};

void add_fleet_options(CLI::App& app, FleetFlags& flags);

/// How often to repeat: until Ctrl-C where there are no rounds.
struct WatchPlan {
  mcp::Duration interval{};
  std::optional<std::size_t> rounds;
};

struct FleetPlan {
  std::size_t samples = 0;
  std::vector<std::string> pods;  // HOST or HOST:PORT; empty: samples of the one address
};

/// None without --watch. Errors are of kind usage and name the option.
mcp::Result<std::optional<WatchPlan>> watch_plan_of(const FleetFlags& flags);
/// None without --fleet.
mcp::Result<std::optional<FleetPlan>> fleet_plan_of(const FleetFlags& flags);

}  // namespace cli
