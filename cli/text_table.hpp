#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cli {

/// Columns that `text` takes on a terminal; wide characters count twice, combining ones not at all.
std::size_t display_width(const std::string& text);
/// The text cut to `width` columns, with "…" at its end where something was cut off.
std::string fitted(const std::string& text, std::size_t width);

/// Aligned columns for people. Cells are one line and safe to print.
struct TextTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  /// At most `width` columns wide (0: as wide as it gets): the last columns are cut, not the first.
  std::string render(std::size_t width) const;
};

}  // namespace cli
