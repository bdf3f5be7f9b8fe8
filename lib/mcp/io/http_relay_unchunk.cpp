#include "mcp/io/http_relay_unchunk.hpp"

#include <charconv>
#include <cstddef>

namespace mcp {

std::string unchunk(std::string_view body) {
  std::string data;
  while (true) {
    std::size_t size = 0;
    std::from_chars(body.data(), body.data() + body.size(), size, 16);
    const auto line = body.find("\r\n");
    if (size == 0 || line == std::string_view::npos) return data;
    data += body.substr(line + 2, size);
    body.remove_prefix(line + 2 + size + 2);
  }
}

}  // namespace mcp
