#include <fmt/format.h>

#include <string>

#include "cli/render/format.hpp"

namespace cli {
namespace {

/// Moves an object's lines to the right; line feeds inside of strings are escaped in JSON.
std::string indented(const std::string& json, std::string_view indent) {
  std::string text(indent);
  for (const char letter : json) {
    text += letter;
    if (letter == '\n') text += indent;
  }
  return text;
}

}  // namespace

std::string render_json(std::span<const Document> documents, const RenderStyle& style) {
  if (documents.size() == 1) return documents.front().json + '\n';
  std::string reports;
  for (const auto& each : documents)
    reports += (reports.empty() ? "\n" : ",\n") + indented(each.json, "    ");
  return fmt::format(
      "{{\n  \"schema_version\": 1,\n  \"exit_code\": {},\n  \"reports\": [{}\n  ]\n}}\n",
      style.exit_status, reports);
}

}  // namespace cli
