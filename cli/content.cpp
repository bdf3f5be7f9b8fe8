#include "cli/content.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "cli/json_output.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

std::string line(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text;
}

/// The size of what base64 text stands for, without decoding it.
std::size_t decoded_size(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return text.size() * 3 / 4;
}

std::string in_brackets(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!part.empty()) text += (text.empty() ? "" : " ") + mcp::printable(part);
  }
  return "[" + text + "]\n";
}

std::string embedded_text(const json& resource) {
  const std::string uri = text_of(resource, "uri");
  const std::string type = text_of(resource, "mimeType");
  if (resource.contains("blob")) {
    return in_brackets(
        {"resource", uri, type, format_size(decoded_size(text_of(resource, "blob")))});
  }
  return in_brackets({"resource", uri, type}) +
         line(mcp::printable(text_of(resource, "text"), mcp::Lines::keep));
}

int digit_value(char digit) {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

}  // namespace

std::string text_of(const json& object, const char* member) {
  if (!object.is_object()) return {};
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string format_size(std::size_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  constexpr std::array units = {"KB", "MB", "GB"};
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit) size /= 1024;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t digits = 0;
  bool ended = false;
  for (const char symbol : text) {
    if (symbol == '\n' || symbol == '\r' || symbol == ' ') continue;
    if (symbol == '=') {
      ended = true;
      continue;
    }
    const int value = digit_value(symbol);
    if (value < 0 || ended) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    ++digits;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xffU);
    }
  }
  if (digits % 4 == 1) return std::nullopt;
  return bytes;
}

std::string content_text(const json& item) {
  const std::string type = text_of(item, "type");
  if (type == "text") return line(mcp::printable(text_of(item, "text"), mcp::Lines::keep));
  if (type == "image" || type == "audio") {
    return in_brackets(
        {type, text_of(item, "mimeType"), format_size(decoded_size(text_of(item, "data")))});
  }
  if (type == "resource_link") {
    return in_brackets({"resource link", text_of(item, "uri"), text_of(item, "mimeType")});
  }
  if (type == "resource" && item.contains("resource")) return embedded_text(item["resource"]);
  return json_text(item) + '\n';
}

}  // namespace cli
