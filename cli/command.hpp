#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/settings.hpp"
#include "cli/world.hpp"
#include "mcp/base/error.hpp"

namespace CLI {
class App;
}

namespace cli {

enum class Verbosity { quiet, normal, verbose };

/// One run of a command: the world, and what every command line has.
struct Invocation {
  World& world;
  /// The positional words, in order: targets, and what the command takes.
  std::vector<std::string> words;
  /// The words after `--`: the command line of a stdio server.
  std::vector<std::string> child;
  Verbosity verbosity = Verbosity::normal;
  ExitStyle exit_style = ExitStyle::plain;
  Settings settings;
};

/// Runs after the line was parsed. An error is printed by the frame, which exits with its code.
using Run = std::move_only_function<mcp::Result<ExitCode>(Invocation&)>;

enum class CommandGroup { check, look, serve, other };

/// A subcommand. `add` puts its options on the application and returns what runs it. Positional
/// words need no option, and nothing is `required`: what is missing is told by `Run`.
struct Command {
  std::string_view name;
  CommandGroup group = CommandGroup::look;
  std::string_view summary;   // one line, no full stop
  std::string_view usage;     // what follows "mcpctl NAME"
  std::string_view examples;  // whole lines that can be pasted
  Run (*add)(CLI::App& app);
  SettingsFrom settings = SettingsFrom::line;
};

/// All commands, in the order in which help lists them (cli/commands/table.cpp). Each is a
/// `const Command NAME_command` in the file of its name.
std::span<const Command> commands();

/// The program: `arguments` without argv[0]. Returns the process's exit status.
int run_program(World& world, std::vector<std::string> arguments);

/// `mcpctl: WHAT: WHY`, and the hint on the next line.
void print_error(World& world, const mcp::Error& error);
void print_warning(World& world, std::string_view warning);

}  // namespace cli
