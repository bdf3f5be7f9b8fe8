#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "cli/parse_error.hpp"
#include "cli/target.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

/// What every command line has, as it stands there.
struct GeneralOptions {
  bool help = false;
  bool verbose = false;
  bool quiet = false;
  std::string exit_style = "plain";
};

void add_general_options(CLI::App& app, GeneralOptions& options) {
  const std::string group = "General";
  app.add_flag("-v,--verbose", options.verbose, "Tell warnings, timings and what a server logs")
      ->group(group);
  app.add_flag("-q,--quiet", options.quiet, "Print errors and results only")->group(group);
  app.add_option("--exit-style", options.exit_style, "Exit codes of: k8s, docker, nagios, grpc")
      ->type_name("STYLE")
      ->group(group);
  app.add_flag("-h,--help", options.help, "Print this text")->group(group);
}

// The style is needed for mistakes elsewhere on the line too, when nothing has been parsed.
ExitStyle style_on_line(const std::vector<std::string>& arguments) {
  constexpr std::string_view option = "--exit-style";
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& word = arguments[i];
    std::string value;
    if (word == option && i + 1 < arguments.size()) value = arguments[i + 1];
    if (word.starts_with("--exit-style=")) value = word.substr(option.size() + 1);
    if (const auto style = parse_exit_style(value)) return *style;
  }
  return ExitStyle::plain;
}

std::vector<std::string> take_child(std::vector<std::string>& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> child(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return child;
}

mcp::Result<void> parse(CLI::App& app, std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);  // CLI11 takes words from the back
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(to_error(error, app));
  }
  for (const std::string& word : app.remaining()) {
    if (word.size() > 1 && word.front() == '-') return std::unexpected(unknown_option(word, app));
  }
  return {};
}

/// What the line does not say may be said elsewhere.
mcp::Result<void> take_settings(CLI::App& app, const std::string& file, SettingsFrom from,
                                Invocation& invocation) {
  auto settings = Settings::apply(app, file, from, invocation.world);
  if (!settings) return std::unexpected(settings.error());
  for (const std::string& text : settings->doubtful()) print_warning(invocation.world, text);
  if (invocation.words.empty() && invocation.child.empty()) {
    if (!settings->target().empty()) invocation.words.push_back(settings->target());
    invocation.child = settings->command();
  }
  invocation.settings = std::move(*settings);
  return {};
}

mcp::Result<ExitCode> run_command(World& world, const Command& command,
                                  std::vector<std::string> arguments) {
  Invocation invocation{
      .world = world, .words = {}, .child = take_child(arguments), .settings = {}};
  GeneralOptions general;
  std::string settings_file;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  Run run = command.add(app);
  add_general_options(app, general);
  if (command.settings != SettingsFrom::line) add_settings_option(app, settings_file);
  const auto parsed = parse(app, std::move(arguments));
  if (general.help) {
    world.out << command_help(command, app, world.width);
    return ExitCode::ok;
  }
  if (!parsed) return std::unexpected(parsed.error());
  invocation.words = app.remaining();
  if (command.settings != SettingsFrom::line) {
    const auto taken = take_settings(app, settings_file, command.settings, invocation);
    if (!taken) return std::unexpected(taken.error());
  }
  const auto style = parse_exit_style(general.exit_style);
  if (!style) return std::unexpected(invocation.settings.by_source(style.error()));
  invocation.exit_style = *style;
  if (general.verbose) invocation.verbosity = Verbosity::verbose;
  if (general.quiet) invocation.verbosity = Verbosity::quiet;
  auto outcome = run(invocation);
  if (outcome) return outcome;
  return std::unexpected(invocation.settings.by_source(outcome.error()));
}

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands(), name, &Command::name);
  return found == commands().end() ? nullptr : &*found;
}

mcp::Error unknown_command(const std::string& word) {
  std::string hint = "'mcpctl --help' lists the commands";
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  const std::string near = mcp::nearest(word, names);
  if (!near.empty()) hint = "did you mean 'mcpctl " + near + "'?";
  if (looks_like_target(word)) hint = "a command comes first: mcpctl info " + mcp::printable(word);
  if (word.starts_with('-'))
    hint = "options come after the command: mcpctl COMMAND [OPTIONS] TARGET";
  const auto* what = word.starts_with('-') ? "unknown option" : "unknown command";
  return {mcp::ErrorKind::usage, fmt::format("{}: {}", mcp::printable(word), what), hint};
}

mcp::Result<ExitCode> dispatch(World& world, std::vector<std::string> arguments) {
  if (arguments.empty()) {
    world.err << program_help();
    return ExitCode::usage;
  }
  std::string name = std::move(arguments.front());
  arguments.erase(arguments.begin());
  if (name == "--version" || name == "-V") name = "version";
  if (name == "--help" || name == "-h" || name == "help") {
    if (arguments.empty()) {
      world.out << program_help();
      return ExitCode::ok;
    }
    name = arguments.front();
    arguments = {"--help"};
  }
  const Command* command = find_command(name);
  if (command == nullptr) return std::unexpected(unknown_command(name));
  return run_command(world, *command, std::move(arguments));
}

}  // namespace

int run_program(World& world, std::vector<std::string> arguments) {
  const ExitStyle style = style_on_line(arguments);
  const auto outcome = dispatch(world, std::move(arguments));
  if (!outcome) print_error(world, outcome.error());
  if (!world.out.flush()) {
    print_error(world, {mcp::ErrorKind::usage, "standard output: cannot be written", ""});
    return 74;  // EX_IOERR
  }
  return status(outcome ? *outcome : exit_code(outcome.error().kind), style);
}

void print_error(World& world, const mcp::Error& error) {
  const bool colour = world.colour_on_err();
  world.err << (colour ? "\x1b[1;31mmcpctl:\x1b[0m " : "mcpctl: ") << error.message << '\n';
  if (!error.hint.empty()) world.err << "  " << error.hint << '\n';
}

void print_warning(World& world, std::string_view warning) {
  const bool colour = world.colour_on_err();
  world.err << (colour ? "\x1b[1;33mmcpctl: warning:\x1b[0m " : "mcpctl: warning: ") << warning
            << '\n';
}

}  // namespace cli
