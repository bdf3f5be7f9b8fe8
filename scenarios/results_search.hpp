#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scenarios/results_node.hpp"
#include "scenarios/rollout_tracker.hpp"
#include "scenarios/search_report.hpp"

namespace scenarios {

/// What was searched for, and what became of followed sessions, as a results file keeps it.
nlohmann::json search_json(const SearchReport& report);
nlohmann::json followed_json(const FollowedSessions& followed);

// The same, read back; what is wrong is left in the node's `problem`.
SearchReport read_search(const ResultsNode& node);
FollowedSessions read_followed(const ResultsNode& node);

}  // namespace scenarios
