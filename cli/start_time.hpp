#pragma once

#include <string>

#include "mcp/base/error.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// "2026-11-21T07:00:00Z", "2026-11-21T07:00:00.250Z" (RFC 3339, in UTC).
mcp::Result<scenarios::Results::Start> read_start_time(const std::string& text);

}  // namespace cli
