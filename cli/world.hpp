#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// Of a terminal, in characters.
struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Everything outside of the program that a command may reach: given by main, and by tests.
/// Data goes to `out`, progress and diagnostics to `err`.
struct World {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t width = 80;  // columns for text on `out`
  /// The window of `err` as it is now; unset, or none: not known.
  std::function<std::optional<TerminalSize>()> err_size;
  std::filesystem::path directory = ".";
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::function<std::vector<std::string>()> variable_names;  // all that are set; may be unset

  /// The variable's value; none where it is unset or empty.
  std::optional<std::string> variable(const std::string& name) const;
  /// Colour only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb.
  bool colour_on_out() const;
  bool colour_on_err() const;
  /// Whether `err` is a terminal on which lines can be drawn over.
  bool can_redraw_err() const;
};

}  // namespace cli
