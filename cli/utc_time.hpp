#pragma once

#include <chrono>
#include <string>

namespace cli {

/// RFC 3339 in UTC, to the second: 2026-11-21T14:05:09Z.
std::string utc_time(std::chrono::system_clock::time_point time);
/// The same to the millisecond: 2026-11-21T14:05:09.042Z.
std::string utc_time_millis(std::chrono::system_clock::time_point time);

}  // namespace cli
