#pragma once

#include <filesystem>
#include <vector>

#include "mcp/base/error.hpp"
#include "probes/drift/gate.hpp"

namespace cli {

/// `--rules FILE`, YAML or JSON: {rules: {ID: breaking|dangerous|safe|off}}. Errors of both readers
/// are of kind usage and begin with FILE:LINE; nothing that is not understood is passed over.
mcp::Result<std::vector<probes::drift::RuleSetting>> read_rule_settings(
    const std::filesystem::path& file);

/// `--approvals FILE`, YAML or JSON: {approvals: [{fingerprint, reason, expires: YYYY-MM-DD}]}.
mcp::Result<std::vector<probes::drift::ApprovalEntry>> read_approvals(
    const std::filesystem::path& file);

}  // namespace cli
