#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace cli {

/// Where a server listens.
struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;  // 0: a free one
};

/// "ADDRESS:PORT" or "PORT", the latter on all addresses; `option` is named by errors.
mcp::Result<ListenAddress> read_listen_address(std::string_view option, const std::string& text);

}  // namespace cli
