#pragma once

#include <optional>
#include "mcp/base/error.hpp"

#include "scenarios/agent_port.hpp"

namespace scenarios {

/// The class that an error of the client library is counted in.
Failure failure_of(const mcp::Error& error);
/// Who cut what the error is about, as far as it shows.
CutBy cut_by(const mcp::Error& error);
/// Failure and status of an outcome.
Outcome outcome_of(const mcp::Error& error, mcp::TimePoint started, mcp::TimePoint ended);
/// Of a result, as far as its isError tells.
std::optional<Failure> failure_of_result(const Ask& ask, bool is_error);

}  // namespace scenarios
