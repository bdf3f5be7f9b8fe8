#include "cli/listen_address.hpp"

#include <fmt/format.h>

#include <charconv>

#include "mcp/base/text.hpp"

namespace cli {

std::string ListenAddress::shown(std::uint16_t actual_port) const {
  const auto& address = addresses.front();
  if (addresses.size() > 1) return fmt::format(":{}", actual_port);
  return address.find(':') == std::string::npos ? fmt::format("{}:{}", address, actual_port)
                                                : fmt::format("[{}]:{}", address, actual_port);
}

mcp::Result<ListenAddress> parse_listen_address(std::string_view option, std::string_view text) {
  const auto refuse = [&] {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("{}: {} is not ADDRESS:PORT", option, mcp::quoted(text)),
                     "for example :9115, 127.0.0.1:9115 or [::1]:9115");
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  auto address = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  ListenAddress where;
  const auto* end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, where.port);
  if (problem != std::errc() || stop != end || digits.empty()) return refuse();
  if (address.empty()) {
    where.addresses = {"::", "0.0.0.0"};
    return where;
  }
  const bool has_brackets = address.starts_with('[') && address.ends_with(']');
  if (has_brackets) address = address.substr(1, address.size() - 2);
  if (address.empty() || (!has_brackets && address.find(':') != std::string_view::npos))
    return refuse();
  where.addresses = {std::string(address)};
  return where;
}

}  // namespace cli
