#include "mcp/wire/message.hpp"

#include "mcp/base/text.hpp"

namespace mcp {

std::string to_string(const RequestId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return std::to_string(*number);
  return quoted(std::get<std::string>(id));
}

}  // namespace mcp
