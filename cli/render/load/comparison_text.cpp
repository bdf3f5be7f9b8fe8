#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "cli/render/load/text.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"
#include "mcp/base/time.hpp"

namespace cli {
namespace {

using namespace scenarios;

bool is_share(const MetricComparison& metric) {
  return metric.metric == "error_rate" || metric.metric == "rate";
}

std::string value(const MetricComparison& metric, double number) {
  if (is_share(metric)) return fmt::format("{:.2f} %", number * 100);
  return mcp::format_duration(std::chrono::microseconds(static_cast<std::int64_t>(number)));
}

std::string change(const MetricComparison& metric) {
  const auto* unit = is_share(metric) ? "points" : "%";
  if (metric.verdict == Change::unknown && metric.lowest == 0 && metric.highest == 0)
    return "too short to say";
  return fmt::format("{:+.1f} {} ({:+.1f} to {:+.1f})", metric.change * 100, unit,
                     metric.lowest * 100, metric.highest * 100);
}

std::string word(Change verdict, Colour colour) {
  const std::string text(to_string(verdict));
  if (colour == Colour::none || verdict == Change::none) return text;
  const auto* code = verdict == Change::worse ? "31" : verdict == Change::better ? "32" : "33";
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

}  // namespace

std::string render_comparison_text(const Comparison& comparison, Colour colour) {
  std::string text = comparison.worse() ? "WORSE: B is worse than A beyond noise\n"
                                        : "OK: nothing is worse beyond noise\n";
  TextTable table{.header = {"", "A", "B", "change", ""}, .rows = {}};
  static constexpr std::array order = {Change::worse, Change::unknown, Change::better,
                                       Change::none};
  for (const Change verdict : order)
    for (const auto& metric : comparison.metrics)
      if (metric.verdict == verdict)
        table.rows.push_back({mcp::printable(metric.metric), value(metric, metric.before),
                              value(metric, metric.after), change(metric), word(verdict, colour)});
  return text + "\n" + table.render(0);
}

}  // namespace cli
