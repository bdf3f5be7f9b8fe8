#include <fmt/format.h>

#include <string>

#include "cli/render/format.hpp"

namespace cli {
namespace {

/// Workflow commands: the message takes percent signs and line ends escaped, a property colons and
/// commas too.
enum class Place { message, property };

std::string escaped(std::string_view text, Place place) {
  std::string result;
  for (const char letter : text) {
    const bool in_property = place == Place::property && (letter == ':' || letter == ',');
    if (letter == '%' || letter == '\r' || letter == '\n' || in_property) {
      result += fmt::format("%{:02X}", static_cast<unsigned>(letter));
    } else {
      result += letter;
    }
  }
  return result;
}

std::string command(std::string_view name, const std::string& title, std::string message,
                    const std::string& hint) {
  if (!hint.empty()) message += "\n" + hint;
  return fmt::format("::{} title={}::{}\n", name, escaped(title, Place::property),
                     escaped(message, Place::message));
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
