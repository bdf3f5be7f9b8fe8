#pragma once

#include <string>

#include "probes/health/observation.hpp"
#include "probes/health/options.hpp"
#include "probes/health/report.hpp"

namespace probes {

/// Runs all checks over what was seen, and says in one word and one line what it comes to.
ProbeReport judge(std::string target, Observation seen, const ProbeOptions& options);

/// The verdict of a failed attempt.
Verdict verdict_of(const mcp::Error& failure, const ProbeOptions& options);

}  // namespace probes
