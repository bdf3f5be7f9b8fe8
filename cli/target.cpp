#include "cli/target.hpp"

#include <algorithm>

#include "cli/remembered_era.hpp"
#include "cli/target_parts.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr auto target_hint = "a target is a URL, @NAME from mcp.json, or -- COMMAND ARGS";

bool is_port_and_path(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits > 0 && (digits == text.size() || text[digits] == '/');
}

mcp::Result<mcp::Duration> read_timeout(const std::string& text) {
  const auto timeout = mcp::parse_duration(text);
  if (!timeout) {
    return mcp::fail(mcp::ErrorKind::usage, "--timeout: " + timeout.error().message,
                     timeout.error().hint);
  }
  if (*timeout <= mcp::Duration::zero()) {
    return mcp::fail(mcp::ErrorKind::usage, "--timeout: must be more than zero");
  }
  return *timeout;
}

}  // namespace

bool looks_like_target(std::string_view word) {
  if (word.starts_with('@') && word.size() > 1) return true;
  if (word.starts_with("http://") || word.starts_with("https://")) return true;
  if (word == "localhost" || word.starts_with("localhost/")) return true;
  const auto bracket = word.starts_with('[') ? word.find("]:") : std::string_view::npos;
  const auto colon = bracket == std::string_view::npos ? word.find(':') : bracket + 1;
  if (colon == 0 || colon == std::string_view::npos) return false;
  if (word.substr(0, colon).find_first_of("/=@") != std::string_view::npos) return false;
  return is_port_and_path(word.substr(colon + 1));
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

mcp::Result<Target> resolve_target(const TargetOptions& options, const std::string& word,
                                   const Invocation& invocation) {
  Target target;
  if (auto done = locate(target.endpoint, options, word, invocation); !done) {
    return std::unexpected(done.error());
  }
  if (auto done = add_http_options(target.endpoint, options, invocation); !done) {
    return std::unexpected(done.error());
  }
  auto client = client_options(options, invocation);
  if (!client) return std::unexpected(client.error());
  target.client = std::move(*client);
  const auto timeout = read_timeout(options.timeout);
  if (!timeout) return std::unexpected(timeout.error());
  target.timeout = *timeout;
  target.era_cache_file = era_cache_file(options, invocation.world);
  target.client.memory = recall_era(target);
  return target;
}

}  // namespace cli
