#include <fmt/format.h>

#include "cli/render/load/comparison.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using scenarios::Change;

std::string word(Change verdict, Colour colour) {
  const std::string text(to_string(verdict));
  if (colour == Colour::none || verdict == Change::none) return text;
  const auto* code = verdict == Change::worse ? "31" : verdict == Change::better ? "32" : "33";
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

std::string_view headline_word(const ComparisonDocument& document) {
  const auto word = verdict_word(document);
  if (word == "worse") return "WORSE";
  return word == "ok" ? "OK" : "UNCLEAR";
}

std::string run_text(const ComparedRun& run) {
  return fmt::format(
      "{} ({}, {}, {} requests)", mcp::printable(run.file), mcp::printable(run.scenario),
      mcp::format_duration(std::chrono::milliseconds(static_cast<std::int64_t>(run.seconds * 1e3))),
      run.requests);
}

}  // namespace

std::string render_comparison_text(const ComparisonDocument& document, Colour colour) {
  std::string text = fmt::format("{}: {}\n", headline_word(document), verdict_reason(document));
  for (const auto& doubt : doubts(document)) text += "  " + doubt + "\n";
  text += fmt::format("  A {}\n  B {}\n\n", run_text(document.before), run_text(document.after));
  TextTable table{.header = {"", "A", "B", "change", ""}, .rows = {}};
  for (const auto& metric : worst_first(document.comparison)) {
    auto [before, after, change] = texts_of(metric);
    table.rows.push_back({mcp::printable(metric.metric), std::move(before), std::move(after),
                          std::move(change), word(metric.verdict, colour)});
  }
  return text + table.render(0);
}

}  // namespace cli
