#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"

namespace cli {

/// Where to listen, as people write it: ":9115" (all addresses), "127.0.0.1:9115", "[::1]:9115".
struct ListenAddress {
  /// To be tried in turn: a machine without IPv6 has no "::".
  std::vector<std::string> addresses;
  std::uint16_t port = 0;

  /// With the port that it came to be.
  std::string shown(std::uint16_t actual_port) const;
};

/// Errors are of kind usage and begin with `option`.
mcp::Result<ListenAddress> parse_listen_address(std::string_view option, std::string_view text);

}  // namespace cli
