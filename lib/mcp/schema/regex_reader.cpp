#include "mcp/schema/regex_reader.hpp"

#include <algorithm>

#include "mcp/schema/regex.hpp"
#include "mcp/schema/unicode.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {
namespace {

bool is_digit(char32_t symbol) {
  return symbol >= '0' && symbol <= '9';
}

std::optional<char32_t> hex_digit(char32_t symbol) {
  if (is_digit(symbol)) return symbol - '0';
  if (symbol >= 'a' && symbol <= 'f') return symbol - 'a' + 10;
  if (symbol >= 'A' && symbol <= 'F') return symbol - 'A' + 10;
  return std::nullopt;
}

bool is_surrogate(char32_t point, char32_t first) {
  return point >= first && point <= first + 0x3ff;
}

}  // namespace

char32_t RegexReader::next() {
  const auto symbol = peek();
  if (!at_end()) ++position_;
  return symbol;
}

bool RegexReader::take(char32_t symbol) {
  if (at_end() || text_[position_] != symbol) return false;
  ++position_;
  return true;
}

bool RegexReader::take(std::string_view ascii) {
  if (text_.size() - position_ < ascii.size()) return false;
  for (std::size_t index = 0; index < ascii.size(); ++index) {
    if (text_[position_ + index] != static_cast<char32_t>(ascii[index])) return false;
  }
  position_ += ascii.size();
  return true;
}

std::uint32_t RegexReader::decimal() {
  std::uint64_t value = 0;
  while (is_digit(peek())) value = std::min<std::uint64_t>(value * 10 + (next() - '0'), 1U << 30U);
  return static_cast<std::uint32_t>(value);
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> RegexReader::braces() {
  const auto before = position_;
  if (take('{') && is_digit(peek())) {
    const auto least = decimal();
    if (take('}')) return std::pair{least, least};
    if (take(",}")) return std::pair{least, Regex::unbounded};
    if (take(',') && is_digit(peek())) {
      const auto most = decimal();
      if (take('}')) return std::pair{least, most};
    }
  }
  position_ = before;
  return std::nullopt;
}

std::string RegexReader::name(char32_t closing) {
  std::u32string out;
  while (!at_end() && peek() != closing) out += next();
  if (out.empty() || !take(closing)) refuse("a name without its end");
  return to_utf8(out);
}

CharSet RegexReader::class_escape() {
  if (at_end()) refuse("a \\ at the end");
  const auto symbol = next();
  if (auto named = named_class(symbol)) return *named;
  return CharSet::single(character_escape(symbol));
}

std::optional<CharSet> RegexReader::named_class(char32_t symbol) {
  switch (symbol) {
    case 'd':
      return digit_characters();
    case 'D':
      return digit_characters().complement();
    case 'w':
      return word_characters();
    case 'W':
      return word_characters().complement();
    case 's':
      return space_characters();
    case 'S':
      return space_characters().complement();
    case 'p':
    case 'P':
      return property(symbol == 'P');
    default:
      return std::nullopt;
  }
}

CharSet RegexReader::property(bool negated) {
  if (!take('{')) {
    refuse("\\p without {");
    return {};
  }
  const auto set = unicode_property(name('}'));
  if (!set) {
    refuse("an unknown Unicode property");
    return {};
  }
  return negated ? set->complement() : *set;
}

char32_t RegexReader::character_escape(char32_t symbol) {
  switch (symbol) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'v':
      return '\v';
    case 'f':
      return '\f';
    case 'r':
      return '\r';
    case '0':
      return '\0';
    case 'c':
      if ((peek() | 0x20U) >= 'a' && (peek() | 0x20U) <= 'z') return next() & 0x1fU;
      refuse("\\c without a letter");
      return symbol;
    case 'x':
      return hexadecimal(2);
    case 'u':
      return unicode_escape();
    default:
      break;
  }
  if (word_characters().contains(symbol) && symbol != '_') refuse("an unknown escape");
  return symbol;
}

char32_t RegexReader::hexadecimal(std::size_t digits) {
  char32_t value = 0;
  for (std::size_t index = 0; index < digits; ++index) {
    const auto digit = hex_digit(peek());
    if (!digit) {
      refuse("hexadecimal digits are missing");
      return 0;
    }
    value = value * 16 + *digit;
    ++position_;
  }
  return value;
}

char32_t RegexReader::unicode_escape() {
  if (take('{')) {
    char32_t value = 0;
    while (const auto digit = hex_digit(peek())) {
      value = std::min<char32_t>(value * 16 + *digit, 0x110000);
      ++position_;
    }
    if (!take('}') || value > 0x10ffff) refuse("no code point in \\u{}");
    return value;
  }
  const auto lead = hexadecimal(4);
  if (!is_surrogate(lead, 0xd800)) return lead;
  const auto before = position_;
  if (take("\\u")) {
    const auto trail = hexadecimal(4);
    if (is_surrogate(trail, 0xdc00)) return 0x10000 + ((lead - 0xd800) << 10U) + (trail - 0xdc00);
    if (!failed()) position_ = before;
  }
  return lead;
}

CharSet RegexReader::bracket() {
  const bool negated = take('^');
  CharSet set;
  while (!at_end() && peek() != ']') {
    auto item = bracket_item();
    const bool range = peek() == '-' && position_ + 1 < text_.size() && text_[position_ + 1] != ']';
    if (range) {
      ++position_;
      const auto last = bracket_item();
      const auto is_single = [](const CharSet& each) {
        return each.ranges().size() == 1 && each.ranges()[0].first == each.ranges()[0].last;
      };
      if (is_single(item) && is_single(last)) {
        const CharSet::Range both{item.ranges()[0].first, last.ranges()[0].first};
        if (both.first > both.last) refuse("a range out of order in []");
        item = CharSet({both}) & CharSet::all();
      } else {
        item = item | last | CharSet::single('-');
      }
    }
    set = set | item;
  }
  if (!take(']')) refuse("a [ without its ]");
  return negated ? set.complement() : set;
}

CharSet RegexReader::bracket_item() {
  const auto symbol = next();
  if (symbol != '\\') return CharSet::single(symbol);
  if (take('b')) return CharSet::single('\b');
  return class_escape();
}

void RegexReader::refuse(std::string_view problem) {
  if (problem_.empty()) problem_ = problem;
  position_ = text_.size();
}

void RegexReader::refuse_size(std::string_view problem) {
  if (problem_.empty()) too_large_ = true;
  refuse(problem);
}

}  // namespace mcp::schema
