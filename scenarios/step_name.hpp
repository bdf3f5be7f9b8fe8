#pragma once

#include <string>

#include "scenarios/recording.hpp"

namespace scenarios {

/// "tools/call:echo", or "initialize" where the method has no name. Raw: escape where it is shown.
inline std::string step_name(const Step& step) {
  return step.name.empty() ? step.method : step.method + ":" + step.name;
}

}  // namespace scenarios
