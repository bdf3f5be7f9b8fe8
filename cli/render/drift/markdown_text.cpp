#include "cli/render/drift/markdown_text.hpp"

#include <algorithm>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char letter : text) {
    run = letter == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Keeps GitHub from turning into a link what follows: @name, #1, www., https://.
constexpr std::string_view breaker = "&#8203;";

/// What formats inside of a line; what does so at its start only is never there.
constexpr std::string_view special = "\\`*_[]#~$";

std::string_view entity(char letter) {
  if (letter == '&') return "&amp;";
  if (letter == '<') return "&lt;";
  if (letter == '>') return "&gt;";
  return letter == '|' ? "&#124;" : "";
}

}  // namespace

std::string markdown_text(std::string_view text) {
  const auto safe = mcp::printable(text);
  std::string result;
  for (std::size_t at = 0; at < safe.size(); ++at) {
    const char letter = safe[at];
    const auto rest = std::string_view(safe).substr(at);
    if (const auto html = entity(letter); !html.empty()) {
      result += html;
    } else if (special.find(letter) != std::string_view::npos) {
      result += '\\';
      result += letter;
      if (letter == '#') result += breaker;
    } else if (letter == '@' || rest.starts_with("://")) {
      result += letter;
      result += breaker;
    } else if (mcp::equals_ignoring_case(rest.substr(0, 4), "www.")) {
      result += safe.substr(at, 3);
      result += breaker;
      at += 2;
    } else {
      result += letter;
    }
  }
  return result;
}

std::string markdown_code(std::string_view text) {
  const auto safe = mcp::printable(text);
  if (safe.empty()) return {};
  // A bar ends a table's cell, even inside of a code span.
  if (safe.find('|') != std::string::npos) return "<code>" + markdown_text(text) + "</code>";
  const std::string ticks(longest_run(safe, '`') + 1, '`');
  const bool needs_room = safe.front() == '`' || safe.back() == '`';
  const auto* room = needs_room ? " " : "";
  return ticks + room + safe + room + ticks;
}

std::string markdown_fence(std::string_view text, std::string_view info) {
  const auto safe = mcp::printable(text, mcp::Lines::keep);
  const std::string fence(std::max<std::size_t>(longest_run(safe, '`') + 1, 3), '`');
  return fence + std::string(info) + '\n' + safe + (safe.ends_with('\n') ? "" : "\n") + fence +
         '\n';
}

}  // namespace cli
