#include "tests/server/json_scanner.hpp"

#include <algorithm>

#include "tests/server/json_view.hpp"

namespace mcp::testserver {

void JsonScanner::skip_space() {
  while (!at_end() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
    ++at_;
  }
}

bool JsonScanner::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool JsonScanner::skip_value(int depth) {
  if (depth == 0) return false;
  switch (peek()) {
    case '{':
      return skip_members(depth);
    case '[':
      return skip_elements(depth);
    case '"':
      return skip_string();
    case 't':
      return skip_word("true");
    case 'f':
      return skip_word("false");
    case 'n':
      return skip_word("null");
    default:
      return skip_number();
  }
}

bool JsonScanner::skip_members(int depth) {
  take('{');
  skip_space();
  if (take('}')) return true;
  while (true) {
    if (!skip_string()) return false;
    skip_space();
    if (!take(':')) return false;
    skip_space();
    if (!skip_value(depth - 1)) return false;
    skip_space();
    if (take('}')) return true;
    if (!take(',')) return false;
    skip_space();
  }
}

bool JsonScanner::skip_elements(int depth) {
  take('[');
  skip_space();
  if (take(']')) return true;
  while (true) {
    if (!skip_value(depth - 1)) return false;
    skip_space();
    if (take(']')) return true;
    if (!take(',')) return false;
    skip_space();
  }
}

bool JsonScanner::skip_string() {
  if (!take('"')) return false;
  while (!at_end()) {
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (c == '"') {
      ++at_;
      return true;
    }
    if (c == '\\') {
      if (!skip_escape()) return false;
    } else if (c < 0x20) {
      return false;
    } else if (c < 0x80) {
      ++at_;
    } else {
      const auto size = utf8_sequence(text_.substr(at_));
      if (size == 0) return false;
      at_ += size;
    }
  }
  return false;
}

bool JsonScanner::skip_escape() {
  ++at_;
  const char kind = peek();
  ++at_;
  if (kind != 'u') return kind != '\0' && std::string_view("\"\\/bfnrt").contains(kind);
  const auto digits = text_.substr(std::min(at_, text_.size()), 4);
  if (digits.size() < 4 ||
      digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
    return false;
  }
  at_ += 4;
  return true;
}

bool JsonScanner::skip_digits() {
  const auto begin = at_;
  while (peek() >= '0' && peek() <= '9') ++at_;
  return at_ > begin;
}

bool JsonScanner::skip_number() {
  take('-');
  // No further digit may follow a leading zero.
  if (!take('0') && !skip_digits()) return false;
  if (take('.') && !skip_digits()) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    return skip_digits();
  }
  return true;
}

bool JsonScanner::skip_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

/// RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto follows = [&](std::size_t at) { return (byte(at) & 0xC0) == 0x80; };
  const auto first = byte(0);
  if (text.empty()) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace mcp::testserver
