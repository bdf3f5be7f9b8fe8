#include "lib/mcp/transport/media_type.hpp"

#include <string_view>

#include "lib/mcp/base/text.hpp"

namespace mcp {

std::string media_type(const HttpResponseHead& head) {
  const auto* field = head.find("Content-Type");
  if (field == nullptr) return {};
  const std::string_view value = *field;
  return to_lower(trim(value.substr(0, value.find(';'))));
}

}  // namespace mcp
