#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/commands/diff_options.hpp"
#include "cli/render/drift/format.hpp"
#include "probes/drift/fleet.hpp"

namespace cli {

/// A sample that could not be taken.
struct FailedSample {
  std::string label;
  std::string message;  // safe to print
};

/// What `mcpctl diff --fleet` came to. `target` is safe to print.
struct FleetDocument {
  std::string target;
  std::size_t samples = 0;  // that were taken
  std::vector<FailedSample> failed;
  probes::drift::FleetReport report;
  probes::drift::GateOptions gate;
  int exit_status = 0;
};

/// text and json show the groups and every pair. The other formats have one list of changes: those
/// of the fleet, and of the pair that breaks most.
std::string render_fleet(const FleetDocument& document, const DriftFormat& format,
                         const DriftStyle& style);

}  // namespace cli
