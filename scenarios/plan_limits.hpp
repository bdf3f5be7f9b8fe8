#pragma once

#include <chrono>
#include <cstdint>

namespace scenarios {

/// Request ids hold the agent in front of a count of 32 bits, and stay below 2^53, which every
/// JSON implementation keeps exactly.
inline constexpr std::int64_t most_agents = (1 << 20) - 1;
inline constexpr std::chrono::milliseconds shortest_lifetime{100};

}  // namespace scenarios
