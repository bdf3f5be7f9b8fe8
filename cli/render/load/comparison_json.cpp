#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/json_output.hpp"
#include "cli/render/load/comparison.hpp"

namespace cli {
namespace {

using nlohmann::json;
using scenarios::Change;
using scenarios::MetricComparison;

/// More digits than these are noise.
double rounded(double value) {
  constexpr double per_unit = 1e6;
  return std::round(value * per_unit) / per_unit;
}

std::string_view word(Change verdict) {
  return verdict == Change::none ? "none" : to_string(verdict);
}

json run_json(const ComparedRun& run) {
  return {{"file", run.file},          {"scenario", run.scenario}, {"target", run.target},
          {"start", run.start},        {"seconds", run.seconds},   {"requests", run.requests},
          {"saturated", run.saturated}};
}

json metric_json(const MetricComparison& metric) {
  const bool share = metric.metric == "error_rate" || metric.metric == "rate";
  // Of latencies the sixth digit after the point is no time at all.
  const auto value = [&](double number) { return share ? rounded(number) : std::round(number); };
  const bool judged =
      metric.lowest != 0 || metric.highest != 0 || metric.verdict != Change::unknown;
  json result{{"metric", metric.metric},
              {"unit", share ? "share" : "microseconds"},
              {"before", value(metric.before)},
              {"after", value(metric.after)},
              {"verdict", word(metric.verdict)}};
  result["change"] = judged ? json(rounded(metric.change)) : json();
  result["lowest"] = judged ? json(rounded(metric.lowest)) : json();
  result["highest"] = judged ? json(rounded(metric.highest)) : json();
  return result;
}

}  // namespace

std::string render_comparison_json(const ComparisonDocument& document, Colour) {
  json metrics = json::array();
  for (const auto& metric : worst_first(document.comparison))
    metrics.push_back(metric_json(metric));
  const json members = {{"exit_code", document.exit_status},  {"verdict", verdict_word(document)},
                        {"reason", verdict_reason(document)}, {"doubts", doubts(document)},
                        {"confidence", document.confidence},  {"before", run_json(document.before)},
                        {"after", run_json(document.after)},  {"metrics", std::move(metrics)}};
  return "{\n  \"schema_version\": 1," + json_text(members, Indent::two).substr(1) + '\n';
}

}  // namespace cli
