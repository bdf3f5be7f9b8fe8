#include <fmt/format.h>

#include "cli/render/drift/markdown_text.hpp"
#include "cli/render/load/comparison.hpp"

namespace cli {
namespace {

using scenarios::Change;

std::string_view sign(const ComparisonDocument& document) {
  const auto word = verdict_word(document);
  if (word == "worse") return "❌";
  return word == "ok" ? "✅" : "⚠️";
}

}  // namespace

std::string render_comparison_markdown(const ComparisonDocument& document, Colour) {
  // The comment lets a workflow find its own comment and replace it.
  std::string text = fmt::format("<!-- mcpctl load compare -->\n### {} MCP load: {}\n\n",
                                 sign(document), verdict_reason(document));
  for (const auto* run : {&document.before, &document.after})
    text += fmt::format("{}: {}, {} of {}, {:.0f} s, {} requests<br>\n",
                        run == &document.before ? "A" : "B", markdown_code(run->file),
                        markdown_code(run->scenario), markdown_code(run->target), run->seconds,
                        run->requests);
  for (const auto& doubt : doubts(document)) text += "⚠️ " + markdown_text(doubt) + "<br>\n";
  text += "\n| metric | A | B | change | |\n| --- | ---: | ---: | ---: | --- |\n";
  for (const auto& metric : worst_first(document.comparison)) {
    const auto [before, after, change] = texts_of(metric);
    const auto word = to_string(metric.verdict);
    text +=
        fmt::format("| {} | {} | {} | {} | {} |\n", markdown_code(metric.metric), before, after,
                    change, metric.verdict == Change::worse ? fmt::format("**{}**", word) : word);
  }
  return text;
}

}  // namespace cli
