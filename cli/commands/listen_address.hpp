#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace cli {

/// Where a server listens.
struct ListenAddress {
  std::string address;     // numeric; none: all of the machine
  std::uint16_t port = 0;  // 0: a free one
};

/// "ADDRESS:PORT", or ":PORT" or "PORT" for all addresses; `option` is named by errors.
mcp::Result<ListenAddress> read_listen_address(std::string_view option, const std::string& text);
/// "127.0.0.1:80", "[::1]:80", "*:80".
std::string to_text(const ListenAddress& listen);

}  // namespace cli
