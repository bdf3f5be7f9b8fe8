#include "scenarios/capacity_step.hpp"

#include <utility>

#include "scenarios/plan.hpp"
#include "scenarios/summary.hpp"

namespace scenarios {

Scenario scenario_at(const Scenario& scenario, const Rate& rate) {
  const auto& search = std::get<CapacitySearch>(scenario.search);
  Scenario step = scenario;
  step.search = {};
  step.phases = {{.name = "step", .length = search.step, .from = rate, .to = rate}};
  step.duration = search.step;
  return step;
}

Recording without_handshakes(Recording recording) {
  auto& handshakes = recording.by_step.at(Plan::connect_step);
  handshakes.from_intended = Histogram(Digits::three);
  handshakes.from_start = Histogram(Digits::three);
  return recording;
}

CapacityStep step_of(const Scenario& scenario, const Rate& rate, const Recording& recording) {
  const auto summary = summarize(recording);
  CapacityStep step{.rate = rate,
                    .saturated = summary.saturation.saturated(),
                    .p99 = std::chrono::microseconds(summary.all.from_intended.p99),
                    .answered_per_second = summary.answered_rate};
  if (step.saturated) {
    step.reason = summary.saturation.reason();
    return step;
  }
  for (const auto& judgement : judge_all(scenario.thresholds, recording)) {
    if (judgement.verdict == Verdict::met) continue;
    step.kept = false;
    step.reason = judgement.reason + ", and " + judgement.threshold.text + " was wanted";
    break;
  }
  return step;
}

}  // namespace scenarios
