#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "mcp/base/text.hpp"
#include "mcp/io/lean_http.hpp"

namespace mcp {
namespace {

std::string_view variable(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// One word of no_proxy: a host, or a domain with all that is below it.
bool excepts(std::string_view word, std::string_view host) {
  if (word == "*") return true;
  if (word.starts_with('.')) word.remove_prefix(1);
  if (word.empty() || word.size() > host.size()) return false;
  const auto below = host.size() - word.size();
  return equals_ignoring_case(host.substr(below), word) && (below == 0 || host[below - 1] == '.');
}

bool is_excepted(std::string_view host) {
  auto rest = variable("no_proxy");
  if (rest.empty()) rest = variable("NO_PROXY");
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    if (excepts(trim(rest.substr(0, end)), host)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

bool environment_has_proxy(const Url& url) {
  const auto names = url.is_https()
                         ? std::to_array({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                         : std::to_array({"http_proxy", "http_proxy", "all_proxy", "ALL_PROXY"});
  return std::ranges::any_of(names, [](const char* name) { return !variable(name).empty(); }) &&
         !is_excepted(url.host);
}

}  // namespace

bool suits_lean_http(const HttpOptions& options, const Url& url) {
  if (options.version == HttpVersion::http2) return false;
  if (options.no_proxy || !options.unix_socket.empty()) return true;
  return options.proxy.empty() && !environment_has_proxy(url);
}

}  // namespace mcp
