#pragma once

#include <string>

#include "cli/command.hpp"

namespace cli {

/// The text of `mcpctl --help`: the commands by group.
std::string program_help();
/// The text of `mcpctl COMMAND --help`, wrapped to `width` columns.
std::string command_help(const Command& command, const CLI::App& app, std::size_t width);

}  // namespace cli
