#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/world.hpp"

namespace cli {

/// Lines at the end of a terminal that are drawn over in place. It keeps no state in the terminal:
/// the cursor stays visible below the lines, so that however the program ends nothing is left to be
/// put back. What was drawn is taken away by `clear` or the destructor.
class RedrawnScreen {
 public:
  explicit RedrawnScreen(std::ostream& out) : out_(out) {}
  ~RedrawnScreen() { clear(); }
  RedrawnScreen(const RedrawnScreen&) = delete;
  RedrawnScreen& operator=(const RedrawnScreen&) = delete;

  /// Each line narrower than the window, and fewer of them than it has rows.
  void draw(const std::vector<std::string>& lines, TerminalSize window);
  void clear();

 private:
  std::string to_top(std::size_t columns) const;

  std::ostream& out_;
  std::vector<std::size_t> widths_;  // of the lines that stand there
  TerminalSize window_;
};

}  // namespace cli
