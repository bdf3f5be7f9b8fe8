#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace cli {

/// The file's bytes, at most `limit`. Errors are of kind usage and begin with the file's name.
mcp::Result<std::string> read_file(const std::filesystem::path& path,
                                   std::size_t limit = 64UL * 1024 * 1024);

/// Writes the file whole or not at all: beside it first, then under its name. What is no regular
/// file (a pipe, /dev/stdout) is written to as it is. Errors are of kind usage and name the file.
mcp::Result<void> write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace cli
