#include "mcp/transport/http_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/transport/media_type.hpp"

namespace mcp {
namespace {

constexpr std::size_t shown_bytes = 120;

/// Empty where the page has none.
std::string_view find_title(std::string_view page) {
  const auto lower = to_lower(page.substr(0, 4096));
  const auto open = lower.find("<title");
  const auto start = open == std::string::npos ? open : lower.find('>', open);
  if (start == std::string::npos) return {};
  const auto end = lower.find("</title", start);
  if (end == std::string::npos) return {};
  return trim(page.substr(start + 1, end - start - 1));
}

}  // namespace

std::string describe_status(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 24> reasons = {{
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {421, "Misdirected Request"},
      {429, "Too Many Requests"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
  }};
  const auto found = std::ranges::find(reasons, status, &std::pair<int, std::string_view>::first);
  if (found == reasons.end()) return fmt::format("HTTP {}", status);
  return fmt::format("HTTP {} {}", status, found->second);
}

std::string describe_body(const HttpAnswer& answer) {
  const auto text = trim(answer.body);
  if (text.empty()) return "an empty body";
  const bool is_html = media_type(answer.head) == "text/html" || text.starts_with('<');
  if (const auto title = find_title(text); is_html && !title.empty()) {
    return "an HTML page titled " + quoted(title, shown_bytes);
  }
  return (is_html ? "an HTML page: " : "") + quoted(text, shown_bytes);
}

}  // namespace mcp
