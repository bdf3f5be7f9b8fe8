#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace scenarios {

/// The bytes as a zlib stream (RFC 1950).
std::string zlib_deflate(std::string_view bytes);

/// The bytes of a zlib stream. Refuses more than `limit` bytes of output, streams with a
/// dictionary, and whatever is damaged or goes on after its end, with an error of kind usage.
mcp::Result<std::string> zlib_inflate(std::string_view stream, std::size_t limit);

}  // namespace scenarios
