#pragma once

#include <filesystem>
#include <string>

#include "mcp/base/error.hpp"

namespace cli {

/// The file's bytes, at most `limit`. Errors are of kind usage and begin with the file's name.
mcp::Result<std::string> read_file(const std::filesystem::path& path,
                                   std::size_t limit = 64UL * 1024 * 1024);

}  // namespace cli
