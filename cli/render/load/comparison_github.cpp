#include <fmt/format.h>

#include "cli/render/escape.hpp"
#include "cli/render/load/comparison.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using scenarios::Change;

std::string_view level(const ComparisonDocument& document) {
  const auto word = verdict_word(document);
  if (word == "worse") return "error";
  return word == "ok" ? "notice" : "warning";
}

}  // namespace

std::string render_comparison_github(const ComparisonDocument& document, Colour) {
  auto text =
      workflow_command(level(document), fmt::format("MCP load: {}", verdict_word(document)),
                       fmt::format("{} → {}: {}", mcp::printable(document.before.file),
                                   mcp::printable(document.after.file), verdict_reason(document)));
  for (const auto& doubt : doubts(document))
    text += workflow_command("warning", "MCP load: doubt", doubt);
  for (const auto& metric : worst_first(document.comparison)) {
    if (metric.verdict != Change::worse) continue;
    const auto [before, after, change] = texts_of(metric);
    text += workflow_command("error", "MCP load: " + mcp::printable(metric.metric),
                             fmt::format("{} → {}, {}", before, after, change));
  }
  return text;
}

}  // namespace cli
