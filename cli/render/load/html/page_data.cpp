#include "cli/render/load/html/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/render/load/html/page_timeline.hpp"
#include "cli/render/load/incident_text.hpp"
#include "cli/render/load/search_text.hpp"
#include "cli/render/load/verdict.hpp"
#include "mcp/base/text.hpp"
#include "scenarios/results_search.hpp"
#include "scenarios/results_summary.hpp"

namespace cli {
namespace {

using nlohmann::json;
using namespace scenarios;

/// Pairs of a percentile and its value: eight for each halving of what lies above, so that the tail
/// is drawn as finely as the middle; the last one is the maximum.
json percentile_curve(const Histogram& histogram) {
  json curve = json::array();
  if (histogram.empty()) return curve;
  const auto count = static_cast<double>(histogram.count());
  for (int step = 0;; ++step) {
    const double above = std::exp2(-step / 8.0);
    if (above * count < 1) break;
    const double percent = 100 * (1 - above);
    curve.push_back({percent, histogram.percentile(percent)});
  }
  curve.push_back({100, histogram.max()});
  return curve;
}

json curves_json(const Recording& recording) {
  Histogram intended;
  Histogram start;
  for (const auto& step : recording.by_step) {
    intended.merge(step.from_intended);
    start.merge(step.from_start);
  }
  return {{"from_intended", percentile_curve(intended)},
          {"from_start", percentile_curve(start)},
          {"lag", percentile_curve(recording.lag)}};
}

json verdict_json(const Results& results) {
  const auto verdict = results.search
                           ? search_verdict(*results.search)
                           : load_verdict(summarize(results.recording), judge_all(results));
  const auto* tone = verdict.tone == Tone::good       ? "good"
                     : verdict.tone == Tone::doubtful ? "doubtful"
                                                      : "bad";
  return {{"word", verdict.word}, {"tone", tone}, {"reason", verdict.reason}};
}

json lines_of(std::string_view text) {
  json lines = json::array();
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(std::string(mcp::trim(text.substr(0, end))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// What became of sessions one by one, where the run followed them.
json followed_sessions(const Recording& recording, std::size_t most) {
  if (!recording.followed) return {};
  auto followed = *recording.followed;
  followed.losses.resize(std::min(followed.losses.size(), most));
  return followed_json(followed);
}

}  // namespace

json load_page_json(const Results& results, const PageLimits& limits) {
  json statuses = json::object();
  for (const auto& [status, count] : results.recording.statuses)
    statuses[std::to_string(status)] = count;
  json document = overview_json(results);
  document["page"] = {{"program", "mcpctl " MCPCTL_VERSION},
                      {"seed", std::to_string(results.seed)},  // beyond what a double holds
                      {"verdict", verdict_json(results)},
                      {"late_after_micros", results.recording.late_after.count() / 1000},
                      {"statuses", std::move(statuses)},
                      {"incidents", lines_of(incident_lines(results.recording.incidents))},
                      {"followed", followed_sessions(results.recording, limits.losses)},
                      {"curves", curves_json(results.recording)},
                      {"timeline", page_timeline_json(results.recording, limits)},
                      {"agents", page_agents_json(results.recording, limits)}};
  return document;
}

}  // namespace cli
