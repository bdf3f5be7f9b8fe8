#pragma once

#include <sys/socket.h>

#include <string>

namespace mcp {

/// "10.0.0.1:443", "[::1]:80", or the path of a Unix socket.
std::string address_text(const sockaddr& address);

}  // namespace mcp
