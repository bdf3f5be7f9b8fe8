#include "cli/target.hpp"

#include <algorithm>

#include "lib/mcp/base/text.hpp"

namespace cli {
namespace {

constexpr auto target_hint = "a target is a URL, @NAME from mcp.json, or -- COMMAND ARGS";

bool is_port_and_path(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits > 0 && (digits == text.size() || text[digits] == '/');
}

}  // namespace

bool looks_like_target(std::string_view word) {
  if (word.starts_with('@') && word.size() > 1) return true;
  if (word.starts_with("http://") || word.starts_with("https://")) return true;
  if (word.starts_with("localhost/")) return true;
  const auto host_end = word.starts_with('[') ? word.find("]:") + 1 : word.find(':');
  if (host_end == 0 || host_end == std::string_view::npos || host_end >= word.size()) return false;
  const auto host = word.substr(0, host_end);
  if (host.find_first_of("/=@") != std::string_view::npos) return false;
  return is_port_and_path(word.substr(host_end + 1));
}

mcp::Result<std::string> take_target(Invocation& invocation) {
  if (!invocation.child.empty()) return std::string();
  auto& words = invocation.words;
  if (words.empty()) return mcp::fail(mcp::ErrorKind::usage, "no target given", target_hint);
  auto found = std::ranges::find_if(words, looks_like_target);
  if (found == words.end()) found = words.begin();
  std::string target = std::move(*found);
  words.erase(found);
  return target;
}

}  // namespace cli
