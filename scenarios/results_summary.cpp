#include "scenarios/results_summary.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace scenarios {
namespace {

using nlohmann::json;

json quantiles_json(const Quantiles& quantiles) {
  return {{"count", quantiles.count}, {"min", quantiles.min},  {"p50", quantiles.p50},
          {"p90", quantiles.p90},     {"p99", quantiles.p99},  {"p99_9", quantiles.p99_9},
          {"max", quantiles.max},     {"mean", quantiles.mean}};
}

json step_json(const StepSummary& step) {
  return {{"name", step.name},
          {"requests", step.requests},
          {"failed", step.failed},
          {"error_rate", step.error_rate()},
          {"abandoned", step.abandoned},
          {"not_started", step.not_started},
          {"failures", failures_json(step.failures)},
          {"latency_micros", quantiles_json(step.from_intended)},
          {"latency_from_start_micros", quantiles_json(step.from_start)}};
}

json rates_json(const Summary& summary) {
  return {{"intended", summary.intended},
          {"started", summary.started},
          {"answered_in_time", summary.answered_in_time},
          {"intended_per_second", summary.intended_rate},
          {"started_per_second", summary.started_rate},
          {"answered_per_second", summary.answered_rate},
          {"share", summary.rate_share()}};
}

json saturation_json(const Saturation& saturation) {
  return {{"saturated", saturation.saturated()},
          {"late_share", saturation.late_share},
          {"cpu_full_share", saturation.busy_share},
          {"local_failures", saturation.local_failures},
          {"reason", saturation.reason()}};
}

std::string_view unit_name(Unit unit) {
  switch (unit) {
    case Unit::micros:
      return "micros";
    case Unit::share:
      return "share";
    case Unit::per_second:
      return "per_second";
    case Unit::count:
      break;
  }
  return "count";
}

}  // namespace

json failures_json(const FailureCounts& failures) {
  json counts = json::object();
  for (std::size_t at = 0; at < failure_count; ++at)
    if (failures[at] != 0) counts[std::string(to_string(static_cast<Failure>(at)))] = failures[at];
  return counts;
}

json summary_json(const Summary& summary) {
  json steps = json::array();
  for (const auto& step : summary.steps)
    if (step.requests + step.abandoned + step.not_started != 0) steps.push_back(step_json(step));
  return {{"seconds", std::chrono::duration<double>(summary.ran).count()},
          {"threads", summary.threads},
          {"rate", rates_json(summary)},
          {"all", step_json(summary.all)},
          {"steps", std::move(steps)},
          {"sessions",
           {{"opened", summary.sessions_opened},
            {"closed", summary.sessions_closed},
            {"lost", summary.sessions_lost},
            {"reinitialised", summary.sessions_reinitialised},
            {"time_to_return_micros", quantiles_json(summary.time_to_return)}}},
          {"connections",
           {{"made", summary.connections_made},
            {"reconnects", summary.reconnects},
            {"cut", summary.connections_cut},
            {"streams_cut", summary.streams_cut}}},
          {"server_requests", summary.server_requests},
          {"lag_micros", quantiles_json(summary.lag)},
          {"generator", saturation_json(summary.saturation)}};
}

json judgements_json(const std::vector<Judgement>& judgements) {
  json list = json::array();
  for (const auto& judgement : judgements)
    list.push_back({{"text", judgement.threshold.text},
                    {"verdict", to_string(judgement.verdict)},
                    {"measured", judgement.measured ? json(*judgement.measured) : json()},
                    {"unit", unit_name(judgement.threshold.unit)},
                    {"limit", judgement.threshold.value},
                    {"reason", judgement.reason}});
  return list;
}

}  // namespace scenarios
