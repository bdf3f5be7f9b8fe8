#include "cli/help.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

namespace cli {
namespace {

constexpr std::string_view exit_codes =
    "Exit codes:\n"
    "  0 ok, 1 findings (tool error, empty, drift), 2 usage, 3 unreachable, 4 protocol or HTTP,\n"
    "  5 auth, 6 timeout, 7 session lost, 130 interrupted\n";

constexpr std::size_t option_column = 30;

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  const std::size_t room = std::max<std::size_t>(width > indent ? width - indent : 0, 30);
  std::string result;
  std::size_t used = 0;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (used != 0 && used + 1 + word.size() > room) {
      result += '\n' + std::string(indent, ' ');
      used = 0;
    } else if (used != 0) {
      result += ' ';
      ++used;
    }
    result += word;
    used += word.size();
  }
  return result;
}

std::string option_line(const CLI::Option& option, std::size_t width) {
  std::string names = option.get_snames().empty() ? "    " : "-" + option.get_snames().front();
  if (!option.get_lnames().empty()) {
    names += option.get_snames().empty() ? "" : ", ";
    names += "--" + option.get_lnames().front();
  }
  if (option.get_type_size() != 0) names += " " + option.get_type_name();
  std::string line = fmt::format("  {:<{}}", names, option_column - 2);
  line += names.size() + 2 < option_column ? "" : '\n' + std::string(option_column, ' ');
  return line + wrapped(option.get_description(), option_column, width) + '\n';
}

std::string indented(std::string_view lines) {
  std::string result;
  std::istringstream input{std::string(lines)};
  for (std::string line; std::getline(input, line);) result += "  " + line + '\n';
  return result;
}

}  // namespace

std::string program_help() {
  static constexpr std::array<std::pair<CommandGroup, std::string_view>, 4> groups{{
      {CommandGroup::check, "Check a server"},
      {CommandGroup::look, "Look at a server"},
      {CommandGroup::serve, "Serve"},
      {CommandGroup::other, "Other"},
  }};
  std::string text =
      "mcpctl: test, probe and look at MCP servers from the shell\n"
      "\nUsage: mcpctl COMMAND [OPTIONS] TARGET\n"
      "       TARGET is a URL, @NAME from mcp.json, or -- COMMAND ARGS for a stdio server\n";
  for (const auto& [group, title] : groups) {
    std::string lines;
    for (const Command& command : commands()) {
      if (command.group == group)
        lines += fmt::format("  {:<12}{}\n", command.name, command.summary);
    }
    if (!lines.empty()) text += fmt::format("\n{}:\n{}", title, lines);
  }
  text += "\nExamples:\n";
  text += indented("mcpctl info https://example.com/mcp\nmcpctl list tools -- npx my-server");
  text += "\n'mcpctl COMMAND --help' tells more about each.\n";
  return text;
}

std::string command_help(const Command& command, const CLI::App& app, std::size_t width) {
  std::string text = fmt::format("mcpctl {}: {}\n\nUsage: mcpctl {} {}\n", command.name,
                                 command.summary, command.name, command.usage);
  std::vector<std::string> groups = app.get_groups();
  // The options of the command itself come before those that it shares with others.
  std::ranges::stable_partition(groups, [](const std::string& name) { return name == "Options"; });
  for (const std::string& group : groups) {
    if (group.empty()) continue;
    std::string lines;
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_group() == group) lines += option_line(*option, width);
    }
    if (!lines.empty()) text += fmt::format("\n{}:\n{}", group, lines);
  }
  if (!command.examples.empty()) text += "\nExamples:\n" + indented(command.examples);
  return text + '\n' + std::string(exit_codes);
}

}  // namespace cli
