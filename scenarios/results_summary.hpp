#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "scenarios/results.hpp"
#include "scenarios/summary.hpp"
#include "scenarios/threshold.hpp"

namespace scenarios {

/// The figures of a run as a results file shows them: rates per second and shares from
/// 0 to 1.
nlohmann::json summary_json(const Summary& summary);
nlohmann::json judgements_json(const std::vector<Judgement>& judgements);
/// Every class that was seen, by name.
nlohmann::json failures_json(const FailureCounts& failures);
/// All of a results file but for the recording: what was done, the summary, the judged thresholds.
nlohmann::json overview_json(const Results& results);

}  // namespace scenarios
