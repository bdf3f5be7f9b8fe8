#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/world.hpp"
#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"

namespace cli {

/// One entry of an editor's mcp.json, with its variables filled in.
struct ServerEntry {
  std::filesystem::path file;
  std::string type;
  std::string url;
  std::vector<std::string> argv;  // command and args
  std::vector<std::pair<std::string, std::string>> environment;
  std::string directory;
  mcp::HeaderList headers;
};

/// Reads the entry `name` of `file`, or where that is empty, of the first of ./mcp.json,
/// ./.mcp.json, .vscode/mcp.json and .cursor/mcp.json that has it. All errors are of kind usage and
/// name the file; an unknown name gets a suggestion.
mcp::Result<ServerEntry> find_server(const std::string& name, const std::string& file,
                                     const World& world);

}  // namespace cli
