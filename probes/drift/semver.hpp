#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/drift/change.hpp"
#include "probes/drift/gate.hpp"

namespace probes::drift {

/// A version as semver.org 2.0.0 has it. Build metadata is read and dropped: it takes no part in
/// precedence (section 10). Numbers stay digits, so none is too large.
class SemanticVersion {
 public:
  /// A "v" before the version is passed over, as its FAQ has it: many servers write one.
  static std::optional<SemanticVersion> parse(std::string_view text);

  bool is_prerelease() const { return !prerelease_.empty(); }
  /// Major version zero: anything may change (section 4).
  bool is_initial() const { return core_[0] == "0"; }
  /// Precedence (section 11).
  friend std::strong_ordering operator<=>(const SemanticVersion& left,
                                          const SemanticVersion& right);
  friend bool operator==(const SemanticVersion& left, const SemanticVersion& right) = default;

  /// The part that grew from the older version to this one; none where it did not grow. From a
  /// pre-release on, which promises nothing yet (section 9), it is the part that its core began.
  VersionPart grown_since(const SemanticVersion& older) const;

 private:
  std::vector<std::string> core_;  // major, minor, patch
  std::vector<std::string> prerelease_;
};

/// The part that the changes ask for, approved or not: an approval lets a change pass here, the
/// version tells everybody else.
VersionPart needed_part(const std::vector<Change>& changes, bool initial_development);

SemverVerdict judge_versions(const std::vector<Change>& changes, const std::string& older,
                             const std::string& newer);

}  // namespace probes::drift
