#include "mcp/transport/media_type.hpp"

#include <charconv>
#include <string_view>

#include "mcp/base/text.hpp"

namespace mcp {

std::string media_type(const HttpResponseHead& head) {
  const auto* field = head.find("Content-Type");
  if (field == nullptr) return {};
  const std::string_view value = *field;
  return to_lower(trim(value.substr(0, value.find(';'))));
}

std::size_t content_length(const HttpResponseHead& head) {
  const auto* field = head.find("Content-Length");
  std::size_t length = 0;
  if (field == nullptr) return length;
  std::from_chars(field->data(), field->data() + field->size(), length);
  return length;
}

}  // namespace mcp
