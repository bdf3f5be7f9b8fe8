#pragma once

#include <string_view>
#include <vector>

namespace drift_surface {

/// Two documents between which a rule has something to tell.
struct RuleCase {
  std::string_view rule;
  std::string_view pointer;  // of that change
  std::string_view also;     // the other rules that must speak, in order; "*": any
  std::string_view older;
  std::string_view newer;
};
std::vector<RuleCase> tool_cases();
std::vector<RuleCase> surface_cases();

}  // namespace drift_surface
