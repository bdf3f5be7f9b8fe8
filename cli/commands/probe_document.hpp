#pragma once

#include <chrono>
#include <string>

#include "cli/exit_code.hpp"
#include "cli/render/document.hpp"
#include "probes/health/options.hpp"
#include "probes/health/report.hpp"

namespace cli {

/// The class of exit code that a report belongs to.
ExitCode exit_code_of(const probes::ProbeReport& report, const probes::ProbeOptions& options,
                      ExitStyle style);

/// A report in the form that the renderers take.
Document document_of(const probes::ProbeReport& report, const probes::ProbeOptions& options,
                     ExitStyle style);

/// The published form (render/schema/probe.schema.json).
std::string json_of(const probes::ProbeReport& report, const probes::ProbeOptions& options,
                    int exit_status);

void add_metrics(Document& document, const probes::ProbeReport& report,
                 const probes::ProbeOptions& options, bool success);
void add_perf(Document& document, const probes::ProbeReport& report,
              const probes::ProbeOptions& options);

}  // namespace cli
