#pragma once

#include <string>

#include "cli/render/format.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// A run for a person: verdict first, thresholds that were not met next, then rates, latencies by
/// step, failures, sessions and connections. What was nothing is left out. Ends in a line feed.
std::string render_load_text(const scenarios::Results& results, Colour colour);

}  // namespace cli
