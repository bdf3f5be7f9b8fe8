#pragma once

#include <string>

#include "scenarios/incident.hpp"

namespace cli {

/// What was cut, by whom and after how long a silence, one line a kind, the most frequent first.
/// Empty when nothing was.
std::string incident_lines(const scenarios::IncidentLog& incidents);

}  // namespace cli
