#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace cli {

/// `git:REV:PATH`, as `mcpctl diff` takes it. PATH is as git has it: from the top of the
/// repository, or from the working directory when it begins with "./".
struct GitFile {
  std::string revision;
  std::string path;
};

/// None for a word that does not begin with "git:"; a usage error for one that is not whole, or
/// whose REV git would take for an option.
mcp::Result<std::optional<GitFile>> parse_git_file(std::string_view word);

/// The file's bytes in that revision: git is run in `directory`, without a shell. What git says
/// when it fails is in the error (kind usage).
mcp::Result<std::string> read_git_file(const GitFile& file, const std::filesystem::path& directory);

}  // namespace cli
