#include "tests/server/json_scanner.hpp"

#include <algorithm>
#include <array>

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

namespace {

/// The well-formed sequences of more than one byte (RFC 3629 section 4): shortest form only, no
/// surrogates, nothing above U+10FFFF. Bytes behind the second are from 80 to BF.
struct Utf8Form {
  unsigned char first_min;
  unsigned char first_max;
  unsigned char second_min;
  unsigned char second_max;
  std::size_t size;
};
constexpr std::array<Utf8Form, 8> utf8_forms{{{0xC2, 0xDF, 0x80, 0xBF, 2},
                                              {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                              {0xE1, 0xEC, 0x80, 0xBF, 3},
                                              {0xED, 0xED, 0x80, 0x9F, 3},
                                              {0xEE, 0xEF, 0x80, 0xBF, 3},
                                              {0xF0, 0xF0, 0x90, 0xBF, 4},
                                              {0xF1, 0xF3, 0x80, 0xBF, 4},
                                              {0xF4, 0xF4, 0x80, 0x8F, 4}}};

bool is_within(char c, unsigned char min, unsigned char max) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= min && byte <= max;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text) {
  if (text.empty()) return 0;
  if (is_within(text[0], 0x00, 0x7F)) return 1;
  for (const auto& form : utf8_forms) {
    if (!is_within(text[0], form.first_min, form.first_max)) continue;
    if (text.size() < form.size || !is_within(text[1], form.second_min, form.second_max)) return 0;
    const auto tail = text.substr(2, form.size - 2);
    const bool sound = std::ranges::all_of(tail, [](char c) { return is_within(c, 0x80, 0xBF); });
    return sound ? form.size : 0;
  }
  return 0;
}

}  // namespace mcp::testserver
