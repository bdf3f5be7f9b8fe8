#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/commands/listen_address.hpp"
#include "cli/commands/sidecar_sessions.hpp"
#include "cli/target.hpp"
#include "mcp/base/time.hpp"
#include "probes/sidecar/sidecar.hpp"

namespace cli {

/// The options of `mcpctl sidecar` as they were given.
struct SidecarFlags {
  TargetOptions target;
  std::string listen = "0.0.0.0:9808";
  std::string interval = "10s";
  std::string jitter = "10%";
  int handshake_every = 10;
  int failure_threshold = 3;
  int success_threshold = 1;
  int liveness_threshold = 6;
  std::string startup_grace = "1m";
  int stale_after = 3;
  std::vector<std::string> ready_requires;
  bool allow_protected = false;
  std::string drain_readyz = "ok";
  std::string drain_timeout = "25s";
  std::string drain_least = "0s";
  std::string proxy;
  std::string session_idle = "5m";
  std::string scrape;
  std::string scrape_metric;
  std::string log_format = "text";
};

/// What the flags mean.
struct SidecarPlan {
  Target target;
  probes::sidecar::SidecarOptions options;
  ListenAddress listen;
  SessionsPlan sessions;
  mcp::Duration drain_timeout{};
  bool log_json = false;
};

void add_sidecar_options(CLI::App& app, SidecarFlags& flags);

/// Checks everything that needs no server; errors are of kind usage and name the option.
mcp::Result<SidecarPlan> sidecar_plan_of(const SidecarFlags& flags, Invocation& invocation);

}  // namespace cli
