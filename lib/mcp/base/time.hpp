#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace mcp {

/// Deadlines and durations are monotonic. Only io and cli read the clock itself.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

/// Reads "500ms", "5s", "1.5m", "2h" or a bare number of seconds. Negative, empty and unknown
/// units are usage errors that name the text.
Result<Duration> parse_duration(std::string_view text);

/// "0.4 ms", "12.3 ms", "1.24 s", "2m 05s": three significant digits, always with a unit.
std::string format_duration(Duration duration);

}  // namespace mcp
