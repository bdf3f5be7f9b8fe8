#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// A reference token of a JSON Pointer as the name that it stands for: ~1 is a slash, ~0 a tilde,
/// and nothing else may follow a tilde (RFC 6901 sections 3 and 4); else nullopt.
std::optional<std::string> unescape_token(std::string_view token);

}  // namespace mcp
