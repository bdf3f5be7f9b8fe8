#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace scenarios {

/// The bytes of a deflate stream (RFC 1951), of at most `limit` bytes, or why there are none. Bytes
/// after the last block are an error.
std::expected<std::string, std::string> inflate(std::string_view stream, std::size_t limit);

}  // namespace scenarios
