#pragma once

#include <string>
#include <vector>

#include "cli/target.hpp"
#include "mcp/base/error.hpp"
#include "probes/health/options.hpp"
#include "probes/health/report.hpp"

namespace cli {

/// One target to probe; an error where its options do not lead to a server.
struct ProbeJob {
  std::string name;
  mcp::Result<Target> target;
};

/// Whether a token or an Authorization field is sent: a 401 then says that it was refused.
bool has_credential(const mcp::Endpoint& endpoint);

/// Probes all targets at the same time, and reports in their order. The first SIGINT or SIGTERM
/// ends the work, cleans up and still reports; the second one kills.
std::vector<probes::ProbeReport> probe_all(const std::vector<ProbeJob>& jobs,
                                           const probes::ProbeOptions& options);

}  // namespace cli
