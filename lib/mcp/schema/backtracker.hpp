#pragma once

#include <optional>
#include <string_view>

#include "mcp/schema/regex.hpp"

namespace mcp::schema {

/// Whether an expression matches somewhere in a text, by trying (ECMA-262 section 22.2.2): for
/// what an automaton cannot do. Bounded in steps and in depth; nullopt when a bound was reached.
std::optional<bool> search_by_trying(const Regex& regex, std::u32string_view text);

}  // namespace mcp::schema
