#pragma once

#include "mcp/io/loop.hpp"

namespace mcp {

/// Turns the loop until `condition` holds; false when that has not come within `patience`.
template <typename Condition>
bool turn_until(Loop& loop, Condition condition, Duration patience = std::chrono::seconds(10)) {
  const auto latest = Clock::now() + patience;
  while (!condition()) {
    if (Clock::now() >= latest) return false;
    loop.turn(latest);
  }
  return true;
}

}  // namespace mcp
