#pragma once

#include <optional>
#include <string_view>

#include "mcp/schema/value.hpp"

namespace probes::drift {

/// A pattern for the texts of a format, where the form of such a text can be told by one; it looks
/// at the form only, so that February may have 30 days. Nothing for other formats.
std::optional<std::string_view> pattern_of_format(std::string_view format);

/// The schema as those read it who check formats: beside a format that is known here stands a
/// condition that says the same.
mcp::schema::Value with_formats_asserted(const mcp::schema::Value& schema);

}  // namespace probes::drift
