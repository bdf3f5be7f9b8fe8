#pragma once

#include <string>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"
#include "mcp/base/json.hpp"

namespace mcp {

/// Value Encoding of 2026-07-28 streamable-http: as it stands where it is plain visible ASCII, else
/// `=?base64?…?=`.
std::string encode_header_value(const std::string& value);

/// Checks the `x-mcp-header` annotations of a tool's inputSchema; the error says which constraint
/// of "Schema Extension" one of them breaks. A tool that fails MUST be left out of tools/list.
Result<void> check_tool_headers(const Json& input_schema);

/// The Mcp-Param-* fields for one tools/call ("Client Behavior"). The schema must have passed
/// `check_tool_headers`; null and absent arguments give no field.
HeaderList tool_headers(const Json& input_schema, const Json& arguments);

}  // namespace mcp
