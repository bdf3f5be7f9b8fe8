#include "mcp/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <vector>

namespace mcp {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  // 0: not a well-formed sequence
};

std::uint8_t byte_at(std::string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

/// Well-formed sequences only (Unicode table 3-7): nothing overlong, no surrogates, no value above
/// U+10FFFF.
CodePoint decode_utf8(std::string_view text) {
  const auto lead = byte_at(text, 0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t index = 1; index < length; ++index) {
    const auto byte = byte_at(text, index);
    if ((byte & 0xc0U) != 0x80) return {};
    value = (value << 6U) | (byte & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[length] || value > 0x10ffff) return {};
  if (value >= 0xd800 && value <= 0xdfff) return {};
  return {value, length};
}

struct Range {
  char32_t first;
  char32_t last;
};

/// Code points that draw nothing, reorder what is drawn, or break lines: C1 controls, the
/// Default_Ignorable_Code_Point and Bidi_Control properties, separators, non-characters. The two
/// presentation selectors U+FE0E and U+FE0F stay, since emoji are written with them.
constexpr std::array hidden_ranges = {
    Range{0x80, 0x9f},       Range{0xad, 0xad},       Range{0x34f, 0x34f},
    Range{0x61c, 0x61c},     Range{0x115f, 0x1160},   Range{0x17b4, 0x17b5},
    Range{0x180b, 0x180f},   Range{0x200b, 0x200f},   Range{0x2028, 0x202e},
    Range{0x2060, 0x206f},   Range{0x3164, 0x3164},   Range{0xfdd0, 0xfdef},
    Range{0xfe00, 0xfe0d},   Range{0xfeff, 0xfeff},   Range{0xffa0, 0xffa0},
    Range{0xfff0, 0xfffb},   Range{0x1bca0, 0x1bca3}, Range{0x1d173, 0x1d17a},
    Range{0xe0000, 0xe0fff},
};

void append_ascii(std::string& out, char symbol, Lines lines) {
  const bool is_control = symbol < 0x20 || symbol == 0x7f;
  if (!is_control || (lines == Lines::keep && (symbol == '\n' || symbol == '\t'))) {
    out += symbol;
  } else if (symbol == '\n') {
    out += "\\n";
  } else if (symbol == '\r') {
    out += "\\r";
  } else if (symbol == '\t') {
    out += "\\t";
  } else {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(symbol));
  }
}

/// The longest prefix of at most `limit` bytes that does not cut a UTF-8 sequence.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && limit - end < 3 && (byte_at(text, end) & 0xc0U) == 0x80) --end;
  return text.substr(0, (byte_at(text, end) & 0xc0U) == 0x80 ? limit : end);
}

char lower(char symbol) {
  return symbol >= 'A' && symbol <= 'Z' ? static_cast<char>(symbol - 'A' + 'a') : symbol;
}

}  // namespace

bool is_hidden(char32_t code_point) {
  if ((code_point & 0xfffeU) == 0xfffe) return true;
  const auto* range = std::ranges::find_if(
      hidden_ranges, [code_point](const Range& each) { return code_point <= each.last; });
  return range != hidden_ranges.end() && code_point >= range->first;
}

std::string printable(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto point = decode_utf8(text);
    if (point.length == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte_at(text, 0));
    } else if (lines == Lines::keep && text.starts_with("\r\n")) {
      // The line feed that follows says it all.
    } else if (point.length == 1) {
      append_ascii(out, text.front(), lines);
    } else if (is_hidden(point.value)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}",
                     static_cast<std::uint32_t>(point.value));
    } else {
      out += text.substr(0, point.length);
    }
    text.remove_prefix(std::max<std::size_t>(point.length, 1));
  }
  return out;
}

std::string excerpt(std::string_view text, std::size_t limit) {
  const auto shown = cut(text, limit);
  if (shown.size() == text.size()) return printable(text);
  return fmt::format("{}… ({} bytes)", printable(shown), text.size());
}

std::string quoted(std::string_view bytes, std::size_t limit) {
  const auto shown = cut(bytes, limit);
  if (shown.size() == bytes.size()) return fmt::format("\"{}\"", printable(bytes));
  return fmt::format("\"{}\"… ({} bytes)", printable(shown), bytes.size());
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t start = 0; start < bytes.size(); start += 3) {
    const auto group = bytes.substr(start, 3);
    std::uint32_t bits = 0;
    for (std::size_t index = 0; index < 3; ++index) {
      bits = (bits << 8U) | (index < group.size() ? byte_at(group, index) : 0U);
    }
    for (std::size_t index = 0; index < 4; ++index) {
      out += index > group.size() ? '=' : digits[(bits >> (18 - 6 * index)) & 0x3fU];
    }
  }
  return out;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t column = 0; column < row.size(); ++column) row[column] = column;
  for (std::size_t line = 0; line < left.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line + 1;
    for (std::size_t column = 0; column < right.size(); ++column) {
      const auto replaced = diagonal + (left[line] == right[column] ? 0 : 1);
      diagonal = row[column + 1];
      row[column + 1] = std::min({replaced, diagonal + 1, row[column] + 1});
    }
  }
  return row.back();
}

}  // namespace mcp
