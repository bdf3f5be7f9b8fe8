#pragma once

#include <cstdint>
#include <optional>

#include "cli/commands/load.hpp"
#include "cli/commands/load_source.hpp"
#include "scenarios/scenario.hpp"

namespace cli {

/// What the flags say, read.
struct LoadFlags {
  struct BurstFlag {
    std::int64_t calls = 1;
    mcp::Duration over{};
  };
  std::optional<std::int64_t> agents;
  std::optional<scenarios::Rate> rate;
  std::optional<mcp::Duration> duration;
  std::optional<BurstFlag> burst;
  std::optional<scenarios::Uneven> idle;
  std::optional<scenarios::Request> call;
  std::optional<std::uint64_t> seed;
  bool closed = false;
  std::vector<std::string> sources;
  std::vector<scenarios::Threshold> thresholds;
};

mcp::Result<LoadFlags> read_load_flags(const LoadOptions& options);

/// A scenario made of flags alone: --burst or --rate says what kind. Without thresholds it has
/// those that hold for any healthy server.
mcp::Result<scenarios::Scenario> scenario_of_flags(const LoadFlags& flags);

/// Reads a scenario and lets the flags change it: each sets the variable of its name (--burst:
/// calls and over) where the scenario declares it, else what it says in the scenario. A flag that
/// would change nothing, or has several places to go, is a usage error.
mcp::Result<scenarios::Scenario> scenario_with_flags(const ScenarioSource& source,
                                                     const LoadOptions& options,
                                                     const LoadFlags& flags, const World& world);

}  // namespace cli
