#include <string>

#include "cli/render/escape.hpp"
#include "cli/render/format.hpp"

namespace cli {
namespace {

std::string command(std::string_view name, const std::string& title, std::string message,
                    const std::string& hint) {
  if (!hint.empty()) message += "\n" + hint;
  return workflow_command(name, title, message);
}

std::string_view name_of(Level level) {
  if (level == Level::ok) return "notice";
  return level == Level::warning ? "warning" : "error";
}

std::string_view name_of(RowStatus status) {
  if (status == RowStatus::failed) return "error";
  return status == RowStatus::warning ? "warning" : "notice";
}

}  // namespace

std::string render_github(std::span<const Document> documents, const RenderStyle&) {
  std::string text;
  for (const auto& document : documents) {
    text += command(name_of(document.level), "MCP " + document.verdict,
                    document.subject + ": " + document.reason, document.hint);
    for (const auto& row : document.checks) {
      if (row.status == RowStatus::ok || row.status == RowStatus::skipped) continue;
      if (document.reason.starts_with(row.detail)) continue;  // the line above has told it
      text += command(name_of(row.status), "MCP " + row.name, document.subject + ": " + row.detail,
                      row.hint);
    }
  }
  return text;
}

}  // namespace cli
