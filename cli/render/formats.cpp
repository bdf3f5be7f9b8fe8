#include <algorithm>
#include <array>
#include <string>

#include "cli/render/format.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr std::array table = {
    Format{"text", render_text},     Format{"json", render_json},
    Format{"junit", render_junit},   Format{"prometheus", render_prometheus},
    Format{"nagios", render_nagios}, Format{"github", render_github},
};

constexpr std::string_view cut_mark = "… (cut)\n";

}  // namespace

std::span<const Format> formats() {
  return table;
}

mcp::Result<Format> find_format(std::string_view name) {
  const auto* format = std::ranges::find(table, name, &Format::name);
  if (format != table.end()) return *format;
  std::string names;
  for (const auto& each : table) names += (names.empty() ? "" : ", ") + std::string(each.name);
  return mcp::fail(mcp::ErrorKind::usage, "--output: unknown format " + mcp::quoted(name),
                   "choose one of " + names);
}

std::string fit(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  const auto room = limit - cut_mark.size();
  auto end = text.rfind('\n', room - 1);
  if (end == std::string::npos) {
    // One long line: not in the middle of a UTF-8 sequence.
    end = room;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
    text.resize(end);
  } else {
    text.resize(end + 1);
  }
  return text + std::string(cut_mark);
}

}  // namespace cli
