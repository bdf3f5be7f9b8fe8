#pragma once

#include <string>

#include "scenarios/recording.hpp"

namespace cli {

/// What became of the sessions one by one: when each was lost, how it showed, and how long its
/// agent took to come back. Empty where they were not followed.
std::string followed_lines(const scenarios::Recording& recording);

}  // namespace cli
