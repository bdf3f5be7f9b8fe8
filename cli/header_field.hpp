#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"

namespace cli {

/// "NAME: VALUE" as RFC 9110 section 5 allows it. The error never quotes the value.
mcp::Result<mcp::Header> parse_header_field(std::string_view text);

/// Who can read a value: every process on the machine what stands on a command line, nobody what is
/// in the environment or in a file.
enum class Exposure { visible, hidden };

/// The values of `--header`: fields, and @FILE with one field a line. Fields that carry secrets are
/// refused where they are visible.
mcp::Result<mcp::HeaderList> read_header_options(const std::vector<std::string>& values,
                                                 Exposure exposure = Exposure::visible);

}  // namespace cli
