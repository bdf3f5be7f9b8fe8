#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"

namespace cli {

/// "NAME: VALUE" as RFC 9110 section 5 allows it. The error never quotes the value.
mcp::Result<mcp::Header> parse_header_field(std::string_view text);

/// The values of `--header`: fields, and @FILE with one field a line. Fields that carry secrets are
/// refused on the command line, where every process on the machine can read them, but not in files.
mcp::Result<mcp::HeaderList> read_header_options(const std::vector<std::string>& values);

}  // namespace cli
