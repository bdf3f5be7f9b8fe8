#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probes/drift/diff.hpp"

namespace drift_surface {

/// A snapshot of the document in snapshot.hpp's form; the text must be JSON.
probes::drift::Snapshot snapshot(std::string_view document);
/// A legacy server with these tools only, given as {NAME: TOOL}.
probes::drift::Snapshot with_tools(std::string_view tools);
std::vector<probes::drift::Change> changes(std::string_view older, std::string_view newer,
                                           const probes::drift::DiffOptions& options = {});
std::vector<std::string> rules_of(const std::vector<probes::drift::Change>& changes);
/// The only change by that rule; the test fails where there is none or more.
probes::drift::Change only(const std::vector<probes::drift::Change>& changes,
                           std::string_view rule);

}  // namespace drift_surface
