#include "mcp/wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

struct Extent {
  std::size_t depth = 0;
  std::size_t values = 0;
};

/// The index of the quotation mark that ends the string that begins before `index`.
std::size_t end_of_string(std::string_view text, std::size_t index) {
  while (true) {
    index = text.find_first_of("\"\\", index);
    if (index == std::string_view::npos || text[index] == '"') return index;
    index += 2;
  }
}

/// Stops once a bound is passed. Malformed texts may be measured too large or too small; a parser
/// stops at their first error, which is never deeper than what was measured so far.
Extent measure(std::string_view text, const JsonLimits& limits) {
  Extent extent;
  std::size_t open = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    switch (text[index]) {
      case '"':
        index = end_of_string(text, index + 1);
        if (index == std::string_view::npos) return extent;
        break;
      case '[':
      case '{':
        extent.depth = std::max(extent.depth, ++open);
        ++extent.values;
        break;
      case ']':
      case '}':
        if (open > 0) --open;
        break;
      case ',':
        ++extent.values;
        break;
      default:
        break;
    }
    if (extent.depth > limits.depth || extent.values > limits.values) return extent;
  }
  return extent;
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorKind::limit, fmt::format("a JSON text of {} bytes is longer than the limit "
                                              "of {}: {}",
                                              text.size(), limits.bytes, quoted(text)));
  }
  const auto extent = measure(text, limits);
  if (extent.depth > limits.depth) {
    return fail(ErrorKind::limit, fmt::format("JSON is nested deeper than {} levels: {}",
                                              limits.depth, quoted(text)));
  }
  if (extent.values > limits.values) {
    return fail(ErrorKind::limit,
                fmt::format("JSON holds more than {} values: {}", limits.values, quoted(text)));
  }
  auto value = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded()) return fail(ErrorKind::protocol, "not JSON: " + quoted(text));
  return Json(std::move(value));
}

std::string json_text(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string quoted_json(const nlohmann::json& value, std::size_t limit) {
  return quoted(json_text(value), limit);
}

}  // namespace mcp
