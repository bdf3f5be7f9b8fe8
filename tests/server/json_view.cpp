#include "tests/server/json_view.hpp"

#include <algorithm>
#include <charconv>

#include "tests/server/json_scanner.hpp"

namespace mcp::testserver {

std::optional<JsonView> JsonView::parse(std::string_view text, int max_depth) {
  JsonScanner scanner(text);
  scanner.skip_space();
  const auto begin = scanner.position();
  if (!scanner.skip_value(max_depth)) return std::nullopt;
  const auto end = scanner.position();
  scanner.skip_space();
  if (!scanner.at_end()) return std::nullopt;
  return JsonView(text.substr(begin, end - begin));
}

bool JsonView::is_number() const {
  return exists() && (text_.front() == '-' || (text_.front() >= '0' && text_.front() <= '9'));
}

bool JsonView::is_integer() const {
  return is_number() && text_.find_first_of(".eE") == std::string_view::npos;
}

namespace {

/// Calls `visit(raw_name, raw_value)` for each member of an object.
template <typename Visit>
void visit_members(std::string_view object, Visit visit) {
  if (object.empty() || object.front() != '{') return;
  JsonScanner scanner(object);
  scanner.take('{');
  scanner.skip_space();
  while (!scanner.at_end() && !scanner.take('}')) {
    const auto name_begin = scanner.position();
    scanner.skip_string();
    const auto name = object.substr(name_begin, scanner.position() - name_begin);
    scanner.skip_space();
    scanner.take(':');
    scanner.skip_space();
    const auto value_begin = scanner.position();
    scanner.skip_value(JsonScanner::any_depth);
    visit(name, object.substr(value_begin, scanner.position() - value_begin));
    scanner.skip_space();
    scanner.take(',');
    scanner.skip_space();
  }
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | (point >> 6));
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3F));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

std::uint32_t hex4(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.begin(), text.end(), value, 16);
  return value;
}

/// Decodes the \u escape whose digits begin at `at`; returns where it ends.
std::size_t decode_unicode(std::string& out, std::string_view text, std::size_t at) {
  auto point = hex4(text.substr(at, 4));
  at += 4;
  const bool high = point >= 0xD800 && point < 0xDC00;
  if (high && text.substr(at, 2) == "\\u") {
    const auto low = hex4(text.substr(at + 2, 4));
    if (low >= 0xDC00 && low < 0xE000) {
      append_utf8(out, 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00));
      return at + 6;
    }
  }
  if (point >= 0xD800 && point < 0xE000) point = 0xFFFD;  // half of a pair alone
  append_utf8(out, point);
  return at;
}

std::string decode(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    if (body[at] != '\\') {
      out += body[at++];
      continue;
    }
    const char kind = body[at + 1];
    at += 2;
    switch (kind) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u':
        at = decode_unicode(out, body, at);
        break;
      default:
        out += kind;
    }
  }
  return out;
}

std::string_view without_quotes(std::string_view text) {
  return text.substr(1, text.size() - 2);
}

bool names(std::string_view raw_string, std::string_view value) {
  const auto body = without_quotes(raw_string);
  return body.find('\\') == std::string_view::npos ? body == value : decode(body) == value;
}

}  // namespace

JsonView JsonView::operator[](std::string_view key) const {
  std::string_view found;
  visit_members(text_, [&](std::string_view name, std::string_view value) {
    if (names(name, key)) found = value;
  });
  return JsonView(found);
}

std::vector<JsonView::Member> JsonView::members() const {
  std::vector<Member> all;
  visit_members(text_, [&](std::string_view name, std::string_view value) {
    all.push_back({.name = decode(without_quotes(name)), .raw_value = value});
  });
  return all;
}

std::vector<JsonView> JsonView::elements() const {
  std::vector<JsonView> all;
  if (!is_array()) return all;
  JsonScanner scanner(text_);
  scanner.take('[');
  scanner.skip_space();
  while (!scanner.at_end() && !scanner.take(']')) {
    const auto begin = scanner.position();
    scanner.skip_value(JsonScanner::any_depth);
    all.push_back(JsonView(text_.substr(begin, scanner.position() - begin)));
    scanner.skip_space();
    scanner.take(',');
    scanner.skip_space();
  }
  return all;
}

bool JsonView::empty() const {
  return text_.size() < 2 || text_.find_first_not_of(" \t\r\n", 1) == text_.size() - 1;
}

std::string JsonView::string() const {
  return is_string() ? decode(without_quotes(text_)) : std::string();
}

bool JsonView::equals(std::string_view value) const {
  return is_string() && names(text_, value);
}

std::optional<std::int64_t> JsonView::integer() const {
  std::int64_t value = 0;
  if (!is_integer()) return std::nullopt;
  const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
  if (error != std::errc{} || end != text_.data() + text_.size()) return std::nullopt;
  return value;
}

std::optional<double> JsonView::number() const {
  double value = 0;
  if (!is_number()) return std::nullopt;
  const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[at++];
    } else if (c < 0x20) {
      out += "\\u00";
      out += digits[c >> 4];
      out += digits[c & 15];
      ++at;
    } else if (const auto size = utf8_sequence(text.substr(at)); size > 0) {
      out += text.substr(at, size);
      at += size;
    } else {
      out += "\xEF\xBF\xBD";
      ++at;
    }
  }
  out += '"';
}

std::string_view one_line(std::string_view json, std::string& storage) {
  if (json.find_first_of("\r\n") == std::string_view::npos) return json;
  storage = json;
  std::ranges::replace_if(storage, [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return storage;
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace mcp::testserver
