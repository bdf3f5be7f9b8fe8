#pragma once

#include <algorithm>
#include <chrono>

#include "mcp/io/loop.hpp"

namespace mcp {

/// The same tests are built twice: for the engine and loop of the load driver, and for the others.
#ifdef MCPCTL_TEST_LEAN_ENGINE
inline constexpr bool tests_lean_engine = true;
#else
inline constexpr bool tests_lean_engine = false;
#endif

inline std::unique_ptr<Loop> make_tested_loop() {
  return tests_lean_engine ? make_lean_loop() : make_loop();
}

/// Turns the loop until `condition` holds; false when that has not come within `patience`. What
/// another thread changes wakes no loop, so that none waits for long.
template <typename Condition>
bool turn_until(Loop& loop, Condition condition, Duration patience = std::chrono::seconds(10)) {
  const auto latest = Clock::now() + patience;
  while (!condition()) {
    const auto now = Clock::now();
    if (now >= latest) return false;
    loop.turn(std::min(latest, now + std::chrono::milliseconds(10)));
  }
  return true;
}

}  // namespace mcp
