#include "mcp/base/json_pointer.hpp"

namespace mcp {

std::optional<std::string> unescape_token(std::string_view token) {
  std::string plain;
  for (std::size_t index = 0; index < token.size(); ++index) {
    if (token[index] != '~') {
      plain += token[index];
      continue;
    }
    ++index;
    if (index == token.size() || (token[index] != '0' && token[index] != '1')) return std::nullopt;
    plain += token[index] == '0' ? '~' : '/';
  }
  return plain;
}

}  // namespace mcp
