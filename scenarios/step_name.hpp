#pragma once

#include <string>
#include <string_view>

#include "scenarios/recording.hpp"

namespace scenarios {

/// "tools/call:echo", or "initialize" where the method has no name. Raw: escape where it is shown.
inline std::string step_name(const Step& step) {
  return step.name.empty() ? step.method : step.method + ":" + step.name;
}

/// Whether `name` means this step: its whole name, its method, or nothing at all (every step).
inline bool covers(std::string_view name, const Step& step) {
  return name.empty() || name == step.method || name == step_name(step);
}

}  // namespace scenarios
