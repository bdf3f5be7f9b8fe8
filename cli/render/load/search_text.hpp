#pragma once

#include <string>

#include "cli/render/format.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// What a search has found, for a person: the answer first, then how it was found.
std::string render_search_text(const scenarios::Results& results, Colour colour);

}  // namespace cli
