#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/commands/diff_fleet_options.hpp"
#include "cli/target.hpp"
#include "probes/drift/diff.hpp"
#include "probes/drift/gate.hpp"

namespace cli {

/// The options of `mcpctl diff` as they stand on the command line.
struct DiffFlags {
  TargetOptions target;
  std::string output = "text";
  std::string fail_on = "breaking";
  std::string rules_file;
  std::string approvals_file;
  bool semver = false;
  bool assert_formats = false;
  std::string era;  // empty or "both"
  bool all = false;
  std::vector<std::string> redact;
  bool list_rules = false;
  FleetFlags fleet;
};

inline constexpr auto diff_timeout = "30s";

void add_diff_options(CLI::App& app, DiffFlags& flags);

/// How to compare and what to let pass, for one pair or for a fleet.
struct DiffSettings {
  probes::drift::DiffOptions diff;
  probes::drift::GateOptions gate;
};

/// Reads the files and today's date; errors are of kind usage.
mcp::Result<DiffSettings> diff_settings_of(const DiffFlags& flags, const World& world);

}  // namespace cli
