#pragma once

#include <optional>
#include <string_view>

#include "mcp/schema/char_set.hpp"

namespace mcp::schema {

/// What `\p{NAME}` means, where NAME is ASCII, Any, Assigned, or a General_Category with its short
/// or long name, with or without `General_Category=` (ECMA-262 section 22.2.2.10). Scripts and the
/// other properties are not known: nullopt.
std::optional<CharSet> unicode_property(std::string_view name);

}  // namespace mcp::schema
