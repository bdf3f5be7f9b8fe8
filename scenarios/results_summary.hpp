#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "scenarios/summary.hpp"
#include "scenarios/threshold.hpp"

namespace scenarios {

/// The figures of a run as a results file shows them: rates per second and shares from
/// 0 to 1.
nlohmann::json summary_json(const Summary& summary);
nlohmann::json judgements_json(const std::vector<Judgement>& judgements);
/// Every class that was seen, by name.
nlohmann::json failures_json(const FailureCounts& failures);

}  // namespace scenarios
