#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.hpp"

namespace {

std::size_t terminal_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    const long width = std::strtol(columns, nullptr, 10);
    if (width >= 20 && width <= 1000) return static_cast<std::size_t>(width);
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 80;
}

std::optional<cli::TerminalSize> size_of_err() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return std::nullopt;
  }
  return cli::TerminalSize{.columns = size.ws_col, .rows = size.ws_row};
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    cli::World world{.in = std::cin,
                     .out = std::cout,
                     .err = std::cerr,
                     .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                     .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                     .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                     .width = terminal_width(),
                     .err_size = size_of_err,
                     .environment = environment,
                     .variable_names = variable_names};
    return cli::run_program(world, {argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "mcpctl: internal error: " << error.what() << '\n';
    return 70;  // EX_SOFTWARE: a bug of ours, not one of the classes that tell about a server
  }
}
