#pragma once

#include "mcp/base/json.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// Whether a result is as the scenario expects. `result` may be null where `needs_result` says that
/// it is not looked at. That a result is an error is judged before, by whoever reads it.
bool meets(const Expectation& expectation, const mcp::Json* result, mcp::Duration latency);

}  // namespace scenarios
