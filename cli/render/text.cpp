#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "cli/render/format.hpp"
#include "mcp/base/text.hpp"
#include "mcp/base/time.hpp"

namespace cli {
namespace {

std::string upper(std::string text) {
  for (auto& letter : text)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  return text;
}

std::string paint(const std::string& text, Level level, Colour colour) {
  if (colour == Colour::none) return text;
  const auto* code = level == Level::ok ? "32" : level == Level::warning ? "33" : "31";
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

std::string verdict_line(const Document& document, Colour colour) {
  return fmt::format("{} {}: {}\n", paint(upper(document.verdict), document.level, colour),
                     document.subject, document.reason);
}

std::string time_column(const std::optional<mcp::Duration>& time) {
  return time ? mcp::format_duration(*time) : "-";
}

std::string phase_line(const Row& row, const Document& document, Colour colour) {
  // What never ran, for a reason that stands elsewhere, is superfluous here.
  if (row.status == RowStatus::skipped && row.detail.empty()) return {};
  std::string detail = row.detail;
  if (row.status == RowStatus::failed) {
    // The first line has told it, unless another failure came before this one.
    const bool told = document.reason.find(row.detail) != std::string::npos;
    detail = paint("FAILED", Level::critical, colour) + (told ? "" : ": " + row.detail);
  }
  auto line = fmt::format("  {:<10}{:>9}", row.name, time_column(row.time));
  if (!detail.empty()) line += "  " + detail;
  return line + '\n';
}

/// All findings but the one that the verdict line has told already.
std::string finding_lines(const Document& document, Colour colour) {
  std::string text;
  for (const auto& row : document.checks) {
    if (row.status == RowStatus::ok || row.status == RowStatus::skipped) continue;
    if (document.reason.starts_with(row.detail)) continue;
    const auto level = row.status == RowStatus::failed ? Level::critical : Level::warning;
    const auto* word = row.status == RowStatus::failed    ? "error"
                       : row.status == RowStatus::warning ? "warning"
                                                          : "notice";
    text += fmt::format("  {}: {} [{}]\n", paint(word, level, colour), row.detail, row.name);
    if (!row.hint.empty()) text += "    " + row.hint + '\n';
  }
  return text;
}

std::string one(const Document& document, Colour colour) {
  auto text = verdict_line(document, colour);
  if (!document.hint.empty()) text += "  " + document.hint + '\n';
  text += finding_lines(document, colour);
  std::string phases;
  for (const auto& row : document.phases) phases += phase_line(row, document, colour);
  if (phases.empty()) return text;
  return text + '\n' + phases +
         fmt::format("  {:<10}{:>9}\n", "total", mcp::format_duration(document.total));
}

std::string table(std::span<const Document> documents, Colour colour) {
  std::size_t verdict_width = 0;
  std::size_t subject_width = 0;
  for (const auto& each : documents) {
    verdict_width = std::max(verdict_width, each.verdict.size());
    subject_width = std::max(subject_width, each.subject.size());
  }
  std::string text;
  for (const auto& each : documents) {
    const auto verdict = fmt::format("{:<{}}", upper(each.verdict), verdict_width);
    text += fmt::format("{}  {:>9}  {:<{}}  {}\n", paint(verdict, each.level, colour),
                        mcp::format_duration(each.total), each.subject, subject_width, each.reason);
    if (!each.hint.empty()) text += fmt::format("{:{}}{}\n", "", verdict_width + 13, each.hint);
  }
  return text;
}

}  // namespace

std::string render_text(std::span<const Document> documents, const RenderStyle& style) {
  if (documents.size() == 1) return one(documents.front(), style.colour);
  const auto bad = std::ranges::count_if(
      documents, [](const Document& each) { return each.level != Level::ok; });
  const auto summary = bad == 0 ? fmt::format("OK: all {} targets", documents.size())
                                : fmt::format("NOT OK: {} of {} targets", bad, documents.size());
  return paint(summary, bad == 0 ? Level::ok : Level::critical, style.colour) + '\n' +
         table(documents, style.colour);
}

}  // namespace cli
