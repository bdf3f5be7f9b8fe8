#pragma once

#include <string>
#include <vector>

#include "probes/drift/change.hpp"
#include "probes/drift/gate.hpp"
#include "probes/drift/semantic_version.hpp"

namespace probes::drift {

/// The part that grew from the older version to the newer one; none where it did not grow. From a
/// pre-release on, which promises nothing yet (semver.org section 9), it is the part that its core
/// began.
VersionPart grown_part(const SemanticVersion& older, const SemanticVersion& newer);

/// The part that the changes ask for, approved or not: an approval lets a change pass here, the
/// version tells everybody else.
VersionPart needed_part(const std::vector<Change>& changes, bool initial_development);

SemverVerdict judge_versions(const std::vector<Change>& changes, const std::string& older,
                             const std::string& newer);

}  // namespace probes::drift
