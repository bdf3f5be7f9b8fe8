#include "cli/commands/listen_address.hpp"

#include <fmt/format.h>

#include <charconv>

#include "mcp/base/text.hpp"

namespace cli {

mcp::Result<ListenAddress> read_listen_address(std::string_view option, const std::string& text) {
  const auto colon = text.rfind(':');
  const auto digits = std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1);
  ListenAddress listen;
  const auto* const begin = digits.data();
  const auto* const end = begin + digits.size();
  const auto [stop, error] = std::from_chars(begin, end, listen.port);
  if (error != std::errc() || stop != end) {
    return mcp::fail(
        mcp::ErrorKind::usage, fmt::format("{}: {} is not ADDRESS:PORT", option, mcp::quoted(text)),
        fmt::format("for example {} 0.0.0.0:9808, or {} :9808 for IPv6 too", option, option));
  }
  if (colon == std::string::npos || colon == 0) return listen;
  listen.address = text.substr(0, colon);
  if (listen.address.starts_with('[') && listen.address.ends_with(']')) {
    listen.address = listen.address.substr(1, listen.address.size() - 2);
  }
  return listen;
}

std::string to_text(const ListenAddress& listen) {
  const auto& address = listen.address;
  const bool needs_brackets = address.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", needs_brackets ? "[" : "", address.empty() ? "*" : address,
                     needs_brackets ? "]" : "", listen.port);
}

}  // namespace cli
