#include <algorithm>
#include <array>
#include <string>

#include "cli/render/drift/format.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr std::array table = {
    DriftFormat{"text", render_drift_text},         DriftFormat{"json", render_drift_json},
    DriftFormat{"markdown", render_drift_markdown}, DriftFormat{"sarif", render_drift_sarif},
    DriftFormat{"junit", render_drift_junit},       DriftFormat{"github", render_drift_github},
};

}  // namespace

std::span<const DriftFormat> drift_formats() {
  return table;
}

mcp::Result<DriftFormat> find_drift_format(std::string_view name) {
  const auto* format = std::ranges::find(table, name, &DriftFormat::name);
  if (format != table.end()) return *format;
  std::string names;
  for (const auto& each : table) names += (names.empty() ? "" : ", ") + std::string(each.name);
  return mcp::fail(mcp::ErrorKind::usage, "--output: unknown format " + mcp::quoted(name),
                   "choose one of " + names);
}

}  // namespace cli
