#include "mcp/schema/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace mcp::schema {
namespace {

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char symbol : text) {
    if (symbol == '"' || symbol == '\\') {
      out += '\\';
      out += symbol;
    } else if (static_cast<unsigned char>(symbol) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(symbol));
    } else {
      out += symbol;
    }
  }
  out += '"';
}

void write(std::string& out, const Value& value);

void write_array(std::string& out, const Value::Array& array) {
  out += '[';
  for (const auto& element : array) {
    if (out.back() != '[') out += ',';
    write(out, element);
  }
  out += ']';
}

void write_object(std::string& out, const Value::Object& object) {
  out += '{';
  bool first = true;
  for (const auto& [name, member] : object) {
    if (!std::exchange(first, false)) out += ',';
    write_string(out, name);
    out += ':';
    write(out, member);
  }
  out += '}';
}

void write(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::null:
      out += "null";
      return;
    case Type::boolean:
      out += value.boolean() ? "true" : "false";
      return;
    case Type::number:
      out += value.number().text();
      return;
    case Type::string:
      write_string(out, value.string());
      return;
    case Type::array:
      write_array(out, value.array());
      return;
    case Type::object:
      write_object(out, value.object());
  }
}

}  // namespace

std::string_view to_string(Type type) {
  switch (type) {
    case Type::null:
      return "null";
    case Type::boolean:
      return "boolean";
    case Type::number:
      return "number";
    case Type::string:
      return "string";
    case Type::array:
      return "array";
    case Type::object:
      return "object";
  }
  std::unreachable();
}

Value::Value(Array value) : data_(std::make_shared<const Array>(std::move(value))) {}

Value::Value(Object value) : data_(std::make_shared<const Object>(std::move(value))) {}

const Value* Value::find(std::string_view name) const {
  if (!is(Type::object)) return nullptr;
  const auto found = object().find(name);
  return found == object().end() ? nullptr : &found->second;
}

std::string Value::text() const {
  std::string out;
  write(out, *this);
  return out;
}

bool operator==(const Value& left, const Value& right) {
  return (left <=> right) == 0;
}

std::strong_ordering operator<=>(const Value& left, const Value& right) {
  if (left.type() != right.type()) return left.type() <=> right.type();
  switch (left.type()) {
    case Type::null:
      return std::strong_ordering::equal;
    case Type::boolean:
      return left.boolean() <=> right.boolean();
    case Type::number:
      return left.number() <=> right.number();
    case Type::string:
      return left.string() <=> right.string();
    case Type::array:
      return left.array() <=> right.array();
    case Type::object:
      return left.object() <=> right.object();
  }
  std::unreachable();
}

std::u32string code_points(std::string_view utf8) {
  std::u32string out;
  for (std::size_t index = 0; index < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[index]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t value = lead < 0x80 ? lead : lead & (0x7fU >> length);
    for (std::size_t next = index + 1; next < std::min(index + length, utf8.size()); ++next) {
      value = (value << 6U) | (static_cast<unsigned char>(utf8[next]) & 0x3fU);
    }
    out += value;
    index += length;
  }
  return out;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t point : text) {
    const auto tail = [&out, point](unsigned shift) {
      out += static_cast<char>(0x80U | ((point >> shift) & 0x3fU));
    };
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point < 0x800) {
      out += static_cast<char>(0xc0U | (point >> 6U));
    } else if (point < 0x10000) {
      out += static_cast<char>(0xe0U | (point >> 12U));
      tail(6);
    } else {
      out += static_cast<char>(0xf0U | (point >> 18U));
      tail(12);
      tail(6);
    }
    if (point >= 0x80) tail(0);
  }
  return out;
}

std::size_t count_code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }));
}

std::string child_pointer(std::string_view pointer, std::string_view token) {
  std::string out(pointer);
  out += '/';
  for (const char symbol : token) {
    if (symbol == '~') {
      out += "~0";
    } else if (symbol == '/') {
      out += "~1";
    } else {
      out += symbol;
    }
  }
  return out;
}

}  // namespace mcp::schema
