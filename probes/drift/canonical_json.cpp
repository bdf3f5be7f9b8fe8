#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "mcp/base/text.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Type;
using mcp::schema::Value;

/// Presentation selectors draw nothing themselves, and text can be hidden in a row of them.
bool draws_nothing(char32_t point) {
  return point < 0x20 || point == 0x7f || point == 0xfe0e || point == 0xfe0f ||
         mcp::is_hidden(point);
}

void append_escaped(std::string& out, char32_t point) {
  if (point == '\n') {
    out += "\\n";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point == '\r') {
    out += "\\r";
  } else if (point < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(point));
  } else {  // a surrogate pair (RFC 8259 section 7)
    const auto rest = static_cast<unsigned>(point) - 0x10000U;
    fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd800U + (rest >> 10U),
                   0xdc00U + (rest & 0x3ffU));
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char32_t point : mcp::schema::code_points(text)) {
    if (point == '"' || point == '\\') {
      out += '\\';
      out += static_cast<char>(point);
    } else if (draws_nothing(point)) {
      append_escaped(out, point);
    } else if (point < 0x80) {
      out += static_cast<char>(point);
    } else {
      out += mcp::schema::to_utf8(std::u32string_view(&point, 1));
    }
  }
  out += '"';
}

class Writer {
 public:
  std::string take() { return std::move(out_); }

  void write(const Value& value) {
    if (value.is(Type::string)) {
      append_string(out_, value.string());
    } else if (value.is(Type::array)) {
      write_array(value.array());
    } else if (value.is(Type::object)) {
      write_object(value.object());
    } else {
      out_ += value.text();
    }
  }

 private:
  void write_array(const Value::Array& array) {
    if (array.empty()) {
      out_ += "[]";
      return;
    }
    open('[');
    for (const Value& element : array) {
      next_line();
      write(element);
    }
    close(']');
  }

  void write_object(const Value::Object& object) {
    if (object.empty()) {
      out_ += "{}";
      return;
    }
    open('{');
    for (const auto& [name, member] : object) {
      next_line();
      append_string(out_, name);
      out_ += ": ";
      write(member);
    }
    close('}');
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
    first_ = true;
  }

  void next_line() {
    if (!first_) out_ += ',';
    first_ = false;
    break_line();
  }

  void close(char bracket) {
    --depth_;
    break_line();
    out_ += bracket;
    first_ = false;
  }

  void break_line() {
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  std::string out_;
  std::size_t depth_ = 0;
  bool first_ = true;
};

}  // namespace

std::string pretty(const Value& value) {
  Writer writer;
  writer.write(value);
  return writer.take();
}

}  // namespace probes::drift
