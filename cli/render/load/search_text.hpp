#pragma once

#include <string>

#include "cli/render/format.hpp"
#include "cli/render/load/verdict.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// Whether the search has its answer, and the answer in a line.
LoadVerdict search_verdict(const scenarios::SearchReport& report);

/// What a search has found, for a person: the answer first, then how it was found.
std::string render_search_text(const scenarios::Results& results, Colour colour);

}  // namespace cli
