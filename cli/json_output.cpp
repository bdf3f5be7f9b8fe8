#include "cli/json_output.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr int schema_version = 1;

std::size_t sequence_length(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

char32_t code_point(std::string_view sequence) {
  char32_t value = static_cast<unsigned char>(sequence[0]) & (0x7fU >> sequence.size());
  for (const char byte : sequence.substr(1)) {
    value = (value << 6U) | (static_cast<unsigned char>(byte) & 0x3fU);
  }
  return value;
}

void append_escape(std::string& out, char32_t value) {
  if (value < 0x10000) {
    out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(value));
    return;
  }
  const std::uint32_t offset = value - 0x10000;  // RFC 8259 section 7: a surrogate pair
  out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (offset >> 10U), 0xdc00 + (offset & 0x3ffU));
}

}  // namespace

// Other than ASCII stands only inside strings, where an escape means the same.
std::string visible_json(const std::string& text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto length = sequence_length(static_cast<unsigned char>(text[at]));
    const auto sequence = std::string_view(text).substr(at, length);
    if (text[at] == '\x7f') {
      append_escape(result, 0x7f);
    } else if (length > 1 && mcp::printable(sequence) != sequence) {
      append_escape(result, code_point(sequence));
    } else {
      result += sequence;
    }
    at += length;
  }
  return result;
}

std::string json_text(const nlohmann::json& value, Indent indent) {
  using nlohmann::json;
  return visible_json(
      value.dump(indent == Indent::two ? 2 : -1, ' ', false, json::error_handler_t::replace));
}

void print_json(World& world, const nlohmann::json& members, Indent indent) {
  const std::string text = json_text(members, indent);
  const bool spread = indent == Indent::two;
  world.out << (spread ? "{\n  \"schema_version\": " : "{\"schema_version\":") << schema_version
            << (members.empty() ? (spread ? "\n" : "") : ",") << std::string_view(text).substr(1)
            << '\n';
}

}  // namespace cli
