#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/render/load/html/page_data.hpp"

namespace cli {

/// A column a quantity, each with a value a point; slots are joined until there are few enough.
nlohmann::json page_timeline_json(const scenarios::Recording& recording, const PageLimits& limits);

/// Bursts and idles of sampled agents, and what was cut from them, in milliseconds.
nlohmann::json page_agents_json(const scenarios::Recording& recording, const PageLimits& limits);

}  // namespace cli
