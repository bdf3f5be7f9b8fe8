#pragma once

#include <cstdint>
#include <optional>

#include "mcp/io/http.hpp"

namespace mcp {

/// The Retry-After field in seconds (RFC 9110 section 10.2.3). A date is taken relative to the
/// answer's own Date field, so neither our clock nor its skew matters; without one there is none.
std::optional<std::int64_t> retry_after_seconds(const HttpResponseHead& head);

}  // namespace mcp
