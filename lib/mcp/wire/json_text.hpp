#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"

namespace mcp {

/// Bounds of one JSON text, checked before anything is built from it: the parser's own copying and
/// writing of a value recurse, and a value takes up to forty times the room of its text.
struct JsonLimits {
  std::size_t bytes = 64UL * 1024 * 1024;
  std::size_t depth = 256;         // of nested arrays and objects
  std::size_t values = 1'000'000;  // members and elements, all levels together
};

/// A text that is not JSON (RFC 8259) is a protocol error, one beyond a bound a limit error; both
/// quote it.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

/// A value's text on one line; invalid UTF-8 in it is replaced. It never throws.
std::string json_text(const nlohmann::json& value);
/// The same, quoted for a message (see text.hpp).
std::string quoted_json(const nlohmann::json& value, std::size_t limit = 200);

}  // namespace mcp
