#include "mcp/wire/json_scanner.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace mcp {
namespace {

constexpr std::uint64_t each_byte = 0x0101010101010101U;
constexpr std::uint64_t high_bits = 0x8080808080808080U;

/// Whether one of eight bytes ends a run of plain characters in a string: a quote, a backslash, a
/// control character, or a byte beyond ASCII. May err to yes, and the bytes are then looked at.
bool has_special(std::uint64_t word) {
  const auto is_zero = [](std::uint64_t bytes) { return (bytes - each_byte) & ~bytes & high_bits; };
  const auto quotes = is_zero(word ^ (each_byte * '"'));
  const auto backslashes = is_zero(word ^ (each_byte * '\\'));
  const auto controls = (word - each_byte * 0x20) & ~word & high_bits;
  return ((word & high_bits) | quotes | backslashes | controls) != 0;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

unsigned char byte_at(const char* at) {
  return static_cast<unsigned char>(*at);
}

bool is_continuation(const char* at) {
  return (byte_at(at) & 0xC0U) == 0x80U;
}

}  // namespace

void JsonScanner::skip_mark() {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (std::string_view(next_, static_cast<std::size_t>(end_ - next_)).starts_with(mark)) {
    next_ += mark.size();
  }
}

JsonScanner::Shape JsonScanner::peek() const {
  if (next_ == end_) return Shape::absent;
  switch (*next_) {
    case '{':
      return Shape::object;
    case '[':
      return Shape::array;
    case '"':
      return Shape::string;
    case 't':
    case 'f':
      return Shape::boolean;
    case 'n':
      return Shape::null;
    default:
      return *next_ == '-' || is_digit(*next_) ? Shape::number : Shape::absent;
  }
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by depth
bool JsonScanner::skip_value(int depth) {
  switch (peek()) {
    case Shape::object:
      return depth > 0 &&
             walk_object([this, depth](std::string_view, bool) { return skip_value(depth - 1); });
    case Shape::array:
      return depth > 0 && skip_array(depth - 1);
    case Shape::string:
      return skip_string();
    case Shape::boolean:
      return skip_word(*next_ == 't' ? "true" : "false");
    case Shape::null:
      return skip_word("null");
    case Shape::number:
      return skip_number();
    case Shape::absent:
      break;
  }
  return false;
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by depth
bool JsonScanner::skip_array(int depth) {
  ++next_;
  skip_space();
  if (take(']')) return true;
  do {
    skip_space();
    if (!skip_value(depth)) return false;
    skip_space();
  } while (take(','));
  return take(']');
}

bool JsonScanner::skip_word(std::string_view word) {
  if (static_cast<std::size_t>(end_ - next_) < word.size()) return false;
  if (std::memcmp(next_, word.data(), word.size()) != 0) return false;
  next_ += word.size();
  return true;
}

bool JsonScanner::skip_digits() {
  const auto* start = next_;
  while (next_ != end_ && is_digit(*next_)) ++next_;
  return next_ != start;
}

bool JsonScanner::skip_number() {
  const auto* start = next_;
  take('-');
  if (!take('0') && !skip_digits()) return false;
  if (take('.') && !skip_digits()) return false;
  bool may_overflow = false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!skip_digits()) return false;
    may_overflow = true;
  }
  constexpr auto safe_digits = 300;  // a double holds numbers below 10^308
  if (!may_overflow && next_ - start < safe_digits) return true;
  const std::string number(start, next_);
  return std::isfinite(std::strtod(number.c_str(), nullptr));
}

bool JsonScanner::skip_string() {
  if (!take('"')) return false;
  while (next_ != end_) {
    while (end_ - next_ >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, next_, sizeof word);
      if (has_special(word)) break;
      next_ += sizeof word;
    }
    while (next_ != end_ && byte_at(next_) >= 0x20 && byte_at(next_) < 0x80 && *next_ != '"' &&
           *next_ != '\\') {
      ++next_;
    }
    if (next_ == end_ || byte_at(next_) < 0x20) return false;
    if (take('"')) return true;
    if (*next_ == '\\' ? !skip_escape() : !skip_multibyte()) return false;
  }
  return false;
}

bool JsonScanner::read_four_hex(unsigned& value) {
  if (end_ - next_ < 4) return false;
  value = 0;
  for (int i = 0; i < 4; ++i, ++next_) {
    const char c = *next_;
    const char lower = static_cast<char>(c | 0x20);
    value <<= 4U;
    if (is_digit(c)) {
      value |= static_cast<unsigned>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value |= static_cast<unsigned>(lower - 'a' + 10);
    } else {
      return false;
    }
  }
  return true;
}

bool JsonScanner::skip_escape() {
  ++next_;
  if (next_ == end_) return false;
  if (*next_ != 'u') {
    constexpr std::string_view known = "\"\\/bfnrt";
    return known.find(*next_++) != std::string_view::npos;
  }
  ++next_;
  unsigned unit = 0;
  if (!read_four_hex(unit)) return false;
  if (unit < 0xD800 || unit > 0xDFFF) return true;
  // Half a pair is no character (RFC 8259 section 7 and 8.2).
  if (unit > 0xDBFF || !take('\\') || !take('u') || !read_four_hex(unit)) return false;
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// RFC 3629 section 4: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool JsonScanner::skip_multibyte() {
  const unsigned lead = byte_at(next_);
  int size = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    size = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  }
  if (size == 0 || end_ - next_ < size) return false;
  if (byte_at(next_ + 1) < low || byte_at(next_ + 1) > high) return false;
  for (int i = 2; i < size; ++i) {
    if (!is_continuation(next_ + i)) return false;
  }
  next_ += size;
  return true;
}

bool JsonScanner::read_key(std::string_view& key, bool& has_escape) {
  const auto* start = next_;
  if (!skip_string()) return false;
  key = {start + 1, static_cast<std::size_t>(next_ - start - 2)};
  has_escape = key.find('\\') != std::string_view::npos;
  skip_space();
  if (!take(':')) return false;
  skip_space();
  return true;
}

}  // namespace mcp
