#include "mcp/io/http.hpp"

#include <algorithm>

#include "mcp/base/text.hpp"

namespace mcp {

const std::string* HttpResponseHead::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [&](const Header& header) { return equals_ignoring_case(header.name, name); });
  return found == headers.end() ? nullptr : &found->value;
}

}  // namespace mcp
