#pragma once

#include <optional>
#include <string_view>

#include "mcp/base/error.hpp"
#include "probes/sidecar/readiness.hpp"

namespace probes::sidecar {

/// What to make of a 401 or 403: the probe has no credential that could help, or it should have.
enum class Protected { fails, passes };

/// What this failure says about the server as a whole.
Sign sign_of(const mcp::Error& failure, Protected is_protected);

/// Why a failed call means that the held session is gone ("session-lost", "connection"); nothing
/// where it may still be there.
std::optional<std::string_view> loss_cause(const mcp::Error& failure);

/// The sign that weighs more: down, then bad, neutral, good.
Sign worse(Sign left, Sign right);

}  // namespace probes::sidecar
