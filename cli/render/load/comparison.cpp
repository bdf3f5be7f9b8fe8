#include "cli/render/load/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/base/time.hpp"
#include "scenarios/summary.hpp"

namespace cli {
namespace {

using namespace scenarios;

constexpr std::array table = {
    ComparisonFormat{"text", render_comparison_text},
    ComparisonFormat{"json", render_comparison_json},
    ComparisonFormat{"markdown", render_comparison_markdown},
    ComparisonFormat{"github", render_comparison_github},
};

std::size_t count_of(const Comparison& comparison, Change verdict) {
  return static_cast<std::size_t>(
      std::ranges::count(comparison.metrics, verdict, &MetricComparison::verdict));
}

bool is_share(const MetricComparison& metric) {
  return metric.metric == "error_rate" || metric.metric == "rate";
}

std::string value_text(const MetricComparison& metric, double number) {
  if (is_share(metric)) return fmt::format("{:.2f} %", number * 100);
  return mcp::format_duration(std::chrono::microseconds(static_cast<std::int64_t>(number)));
}

std::string change_text(const MetricComparison& metric) {
  const auto* unit = is_share(metric) ? "points" : "%";
  if (metric.verdict == Change::unknown && metric.lowest == 0 && metric.highest == 0)
    return "too short to say";
  // An interval of many powers of ten tells nobody anything.
  constexpr double boundless = 100;
  if (metric.highest >= boundless)
    return fmt::format("{:+.0f} {}, too uneven to say", metric.change * 100, unit);
  return fmt::format("{:+.1f} {} ({:+.1f} to {:+.1f})", metric.change * 100, unit,
                     metric.lowest * 100, metric.highest * 100);
}

}  // namespace

ComparedRun compared_run(std::string file, const Results& results) {
  const auto summary = summarize(results.recording);
  return {.file = std::move(file),
          .scenario = results.scenario,
          .target = results.target,
          .start = to_string(results.start),
          .seconds = std::chrono::duration<double>(summary.ran).count(),
          .requests = summary.all.requests,
          .saturated = summary.saturation.saturated()};
}

std::string_view verdict_word(const ComparisonDocument& document) {
  if (document.comparison.worse()) return "worse";
  return count_of(document.comparison, Change::unknown) == 0 ? "ok" : "unclear";
}

std::string verdict_reason(const ComparisonDocument& document) {
  const auto& comparison = document.comparison;
  const auto all = comparison.metrics.size();
  if (const auto worse = count_of(comparison, Change::worse); worse != 0)
    return fmt::format("B is worse than A beyond noise in {} of {} metrics", worse, all);
  const auto unknown = count_of(comparison, Change::unknown);
  if (unknown == 0) return "nothing is worse beyond noise";
  return fmt::format(
      "nothing is worse beyond noise, but {} of {} metrics cannot be judged: "
      "the runs are too short or too uneven",
      unknown, all);
}

std::vector<std::string> doubts(const ComparisonDocument& document) {
  std::vector<std::string> lines;
  const auto& before = document.before;
  const auto& after = document.after;
  if (before.scenario != after.scenario)
    lines.push_back(fmt::format("the runs are of different scenarios: {} and {}",
                                mcp::printable(before.scenario), mcp::printable(after.scenario)));
  for (const auto* run : {&before, &after})
    if (run->saturated)
      lines.push_back(fmt::format("{}: the generator was saturated, its latencies are its own",
                                  mcp::printable(run->file)));
  return lines;
}

std::vector<MetricComparison> worst_first(const Comparison& comparison) {
  static constexpr std::array order = {Change::worse, Change::unknown, Change::better,
                                       Change::none};
  auto metrics = comparison.metrics;
  std::ranges::stable_sort(metrics, {}, [](const MetricComparison& metric) {
    return std::ranges::find(order, metric.verdict);
  });
  return metrics;
}

MetricTexts texts_of(const MetricComparison& metric) {
  return {.before = value_text(metric, metric.before),
          .after = value_text(metric, metric.after),
          .change = change_text(metric)};
}

mcp::Result<ComparisonFormat> find_comparison_format(std::string_view name) {
  const auto* format = std::ranges::find(table, name, &ComparisonFormat::name);
  if (format != table.end()) return *format;
  return mcp::fail(mcp::ErrorKind::usage, "--output: unknown format " + mcp::quoted(name, 40),
                   "choose text, json, markdown or github");
}

}  // namespace cli
