#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace scenarios {

/// A zlib stream (RFC 1950) of stored blocks: any reader takes it, nothing is compressed. What is
/// written here is small already, and so no library is needed.
std::string zlib_stored(std::string_view bytes);

/// The bytes of a zlib stream, stored or compressed (RFC 1951). Refuses more than `limit` bytes of
/// output, streams with a dictionary, and whatever is damaged, with an error of kind usage.
mcp::Result<std::string> zlib_inflate(std::string_view stream, std::size_t limit);

}  // namespace scenarios
