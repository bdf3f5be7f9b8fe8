#include "cli/redrawn_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "cli/text_table.hpp"

namespace cli {
namespace {

/// Columns of a line, colours left out.
std::size_t visible_width(const std::string& line) {
  std::string plain;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\x1b') {
      at = std::min(line.find('m', at), line.size() - 1);
    } else {
      plain += line[at];
    }
  }
  return display_width(plain);
}

}  // namespace

/// A window that became narrower has broken the lines that no longer fit.
std::string RedrawnScreen::to_top(std::size_t columns) const {
  std::size_t rows = 0;
  for (const auto width : widths_) {
    rows += std::max<std::size_t>(1, (width + columns - 1) / std::max<std::size_t>(columns, 1));
  }
  return rows == 0 ? "\r" : fmt::format("\r\x1b[{}A", rows);
}

void RedrawnScreen::draw(const std::vector<std::string>& lines, TerminalSize window) {
  // One write: a terminal that shows it half-way would flicker.
  std::string frame = to_top(window.columns);
  widths_.clear();
  for (const auto& line : lines) {
    frame += line + "\x1b[K\n";
    widths_.push_back(visible_width(line));
  }
  out_ << frame + "\x1b[J" << std::flush;
  window_ = window;
}

void RedrawnScreen::clear() {
  if (widths_.empty()) return;
  out_ << to_top(window_.columns) + "\x1b[J" << std::flush;
  widths_.clear();
}

}  // namespace cli
