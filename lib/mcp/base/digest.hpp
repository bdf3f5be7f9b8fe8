#pragma once

#include <string>
#include <string_view>

namespace mcp {

/// "sha256:" and the SHA-256 (FIPS 180-4) of the bytes in 64 lower-case hexadecimal digits.
std::string sha256_digest(std::string_view bytes);

}  // namespace mcp
