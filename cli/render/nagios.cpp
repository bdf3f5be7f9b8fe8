#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "cli/render/format.hpp"
#include "mcp/base/time.hpp"

namespace cli {
namespace {

std::string_view word(Level level) {
  switch (level) {
    case Level::ok:
      return "OK";
    case Level::warning:
      return "WARNING";
    case Level::critical:
      return "CRITICAL";
    case Level::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";
}

/// A bar would begin the performance data.
std::string plain(std::string text) {
  std::ranges::replace(text, '|', '/');
  return text;
}

/// Monitoring Plugins guidelines, "Performance data": a quote inside of a label is doubled.
std::string quoted_label(std::string_view label) {
  if (label.find_first_of(" ='") == std::string_view::npos) return std::string(label);
  std::string text = "'";
  for (const char letter : label) {
    if (letter == '=') continue;  // allowed in no label, quoted or not
    text += letter;
    if (letter == '\'') text += '\'';
  }
  return text + "'";
}

std::string perf_text(const Perf& perf, const std::string& prefix) {
  auto text = fmt::format("{}={:.6g}{};{};{};{};{}", quoted_label(prefix + perf.label), perf.value,
                          perf.unit, perf.warn, perf.crit, perf.min, perf.max);
  // Trailing empty fields may be left out.
  text.erase(text.find_last_not_of(';') + 1);
  return text;
}

std::string perf_line(std::span<const Document> documents) {
  std::string text;
  for (const auto& document : documents) {
    const auto prefix = documents.size() == 1 ? std::string() : document.subject + " ";
    for (const auto& perf : document.perf)
      text += (text.empty() ? "" : " ") + plain(perf_text(perf, prefix));
  }
  return text;
}

std::string details(const Document& document) {
  std::string text;
  if (!document.hint.empty()) text += plain(document.hint) + '\n';
  for (const auto& row : document.checks)
    if (row.status == RowStatus::failed || row.status == RowStatus::warning)
      text += fmt::format("{}: {}\n", row.name, plain(row.detail));
  return text;
}

/// UNKNOWN stands below CRITICAL: what is known to be down is told first.
int rank(Level level) {
  return level == Level::unknown ? 2 : level == Level::critical ? 3 : static_cast<int>(level);
}

}  // namespace

std::string render_nagios(std::span<const Document> documents, const RenderStyle&) {
  const auto& worst = *std::ranges::max_element(
      documents, {}, [](const Document& each) { return rank(each.level); });
  std::string line = fmt::format("MCP {} - ", word(worst.level));
  if (documents.size() == 1) {
    line += plain(worst.reason);
  } else {
    const auto bad = std::ranges::count_if(
        documents, [](const Document& each) { return each.level != Level::ok; });
    line += bad == 0 ? fmt::format("all {} targets are ok", documents.size())
                     : fmt::format("{} of {} targets are not ok, the worst: {}: {}", bad,
                                   documents.size(), plain(worst.subject), plain(worst.reason));
  }
  const auto perf = perf_line(documents);
  if (!perf.empty()) line += " | " + perf;
  line += '\n';
  if (documents.size() == 1) return line + details(worst);
  for (const auto& each : documents)
    line += fmt::format("[{}] {}: {}\n", word(each.level), plain(each.subject), plain(each.reason));
  return line;
}

}  // namespace cli
