#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "probes/health/observation.hpp"
#include "probes/health/options.hpp"
#include "probes/health/report.hpp"

namespace probes {

/// What a check came to: none where it does not apply, empty where it found nothing.
using CheckResult = std::optional<std::vector<Finding>>;

/// A check looks at one observation. Its findings carry its id.
struct Check {
  std::string_view id;
  CheckResult (*run)(const Observation& seen, const ProbeOptions& options);
};

/// All checks, in the order in which their findings are told.
std::span<const Check> health_checks();

// Of the tool list (checks_tools.cpp).
CheckResult check_tools_empty(const Observation& seen, const ProbeOptions& options);
CheckResult check_tools_count(const Observation& seen, const ProbeOptions& options);
CheckResult check_tools_required(const Observation& seen, const ProbeOptions& options);
CheckResult check_tools_unique(const Observation& seen, const ProbeOptions& options);
CheckResult check_tools_valid(const Observation& seen, const ProbeOptions& options);
CheckResult check_tools_rejected(const Observation& seen, const ProbeOptions& options);
// Of everything else (checks.cpp).
CheckResult check_capabilities(const Observation& seen, const ProbeOptions& options);
CheckResult check_call_result(const Observation& seen, const ProbeOptions& options);
CheckResult check_call_expectations(const Observation& seen, const ProbeOptions& options);
CheckResult check_call_text(const Observation& seen, const ProbeOptions& options);
CheckResult check_certificate(const Observation& seen, const ProbeOptions& options);
CheckResult check_latency(const Observation& seen, const ProbeOptions& options);
CheckResult check_warnings(const Observation& seen, const ProbeOptions& options);
CheckResult check_residue(const Observation& seen, const ProbeOptions& options);

}  // namespace probes
