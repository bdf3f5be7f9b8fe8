#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probes::drift {

/// A version as semver.org 2.0.0 orders it; build metadata does not count. A leading "v" is taken,
/// since servers write one.
struct SemanticVersion {
  std::string major;  // digits without leading zeros: of any size
  std::string minor;
  std::string patch;
  std::vector<std::string> prerelease;

  static std::optional<SemanticVersion> parse(std::string_view text);
};

std::strong_ordering operator<=>(const SemanticVersion& left, const SemanticVersion& right);
bool operator==(const SemanticVersion& left, const SemanticVersion& right);

}  // namespace probes::drift
