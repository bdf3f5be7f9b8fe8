#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/commands/probe_watch.hpp"
#include "cli/target.hpp"
#include "probes/health/options.hpp"

namespace cli {

/// The options of `mcpctl probe` as they stand on the command line.
struct ProbeFlags {
  TargetOptions target;
  const CLI::Option* timeout = nullptr;
  std::string output;
  std::string depth;
  std::string min_tools;
  std::vector<std::string> require_tools;
  std::vector<std::string> require_capabilities;
  std::string max_latency;
  int cert_warn = 14;
  int cert_crit = 0;
  std::string call;
  std::string arguments;
  std::vector<std::string> expectations;
  std::string expect_text;
  int retries = 0;
  bool allow_protected = false;
  std::string watch;
  std::string count;
};

/// What a probe of an orchestrator may take: Kubernetes and Docker give it a second by default.
inline constexpr auto exec_timeout = "900ms";
inline constexpr auto default_timeout = "5s";

void add_probe_options(CLI::App& app, ProbeFlags& flags);

/// Checks what belongs together; errors are of kind usage and name the option.
mcp::Result<probes::ProbeOptions> probe_options_of(const ProbeFlags& flags);

/// `--watch` and what goes with it.
mcp::Result<ProbeWatchPlan> watch_plan_of(const ProbeFlags& flags);

}  // namespace cli
