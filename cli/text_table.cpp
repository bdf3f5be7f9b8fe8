#include "cli/text_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cli {
namespace {

constexpr std::size_t gap = 2;
/// A middle column is never squeezed below this.
constexpr std::size_t narrowest = 12;

struct Range {
  char32_t first;
  char32_t last;
};
// The blocks of UAX #11 "Wide" that occur in practice, and combining marks.
constexpr std::array wide_ranges = {
    Range{0x1100, 0x115f},   Range{0x2e80, 0xa4cf},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},
    Range{0x1f300, 0x1f64f}, Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd}};
constexpr std::array combining_ranges = {Range{0x300, 0x36f}, Range{0x20d0, 0x20ff},
                                         Range{0xfe00, 0xfe0f}};

template <typename Ranges>
bool contains(const Ranges& ranges, char32_t value) {
  return std::ranges::any_of(
      ranges, [value](const Range& each) { return value >= each.first && value <= each.last; });
}

/// The code point at `at` (the text is well-formed UTF-8) and the bytes that it takes.
std::pair<char32_t, std::size_t> next_character(const std::string& text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t value = lead & (length == 1 ? 0x7fU : 0x7fU >> length);
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
    value = (value << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  }
  return {value, length};
}

std::size_t width_of(char32_t value) {
  if (value < 0x300) return 1;
  if (contains(combining_ranges, value)) return 0;
  return contains(wide_ranges, value) ? 2 : 1;
}

std::string padded(const std::string& text, std::size_t width) {
  const auto used = display_width(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::vector<std::size_t> natural_widths(const TextTable& table) {
  std::vector<std::size_t> widths(table.header.size(), 0);
  const auto widen = [&widths](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  };
  widen(table.header);
  for (const auto& row : table.rows) widen(row);
  return widths;
}

// From the right, each column but the first gives up what is too much, down to its least.
void shrink(std::vector<std::size_t>& widths, std::size_t width) {
  std::size_t total = gap * (widths.size() - 1);
  for (const auto each : widths) total += each;
  for (std::size_t i = widths.size(); i-- > 1 && total > width;) {
    const auto give = std::min(total - width, widths[i] - std::min(widths[i], narrowest));
    widths[i] -= give;
    total -= give;
  }
}

}  // namespace

std::size_t display_width(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = next_character(text, at);
    width += width_of(value);
    at += length;
  }
  return width;
}

std::string fitted(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto [value, length] = next_character(text, at);
    if (used + width_of(value) + 1 > width) break;
    used += width_of(value);
    at += length;
  }
  return text.substr(0, at) + "…";
}

std::string TextTable::render(std::size_t width) const {
  auto widths = natural_widths(*this);
  if (width != 0 && !widths.empty()) shrink(widths, width);
  std::string text;
  const auto append = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += padded(fitted(row[i], widths[i]), widths[i]);
      if (i + 1 < row.size()) line += std::string(gap, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  };
  append(header);
  for (const auto& row : rows) append(row);
  return text;
}

}  // namespace cli
