#include "mcp/io/http_relay_fields.hpp"

#include <algorithm>
#include <charconv>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

std::unexpected<HeadRefusal> refuse(std::string_view reason) {
  return std::unexpected(HeadRefusal{.status = 400, .reason = reason});
}

bool is_token_character(char each) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
         (each >= '0' && each <= '9') || marks.find(each) != std::string_view::npos;
}

bool is_control(char each) {
  const auto code = static_cast<unsigned char>(each);
  return (code < 0x20 && each != '\t') || code == 0x7f;
}

std::string_view without_space(std::string_view text) {
  constexpr std::string_view space = " \t";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

void read_connection(std::string_view value, RelayFields& fields) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    const auto option = without_space(value.substr(0, comma));
    if (equals_ignoring_case(option, "close")) fields.says_close = true;
    if (equals_ignoring_case(option, "keep-alive")) fields.says_keep_alive = true;
    if (equals_ignoring_case(option, "upgrade")) fields.says_upgrade = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

/// RFC 9112 section 6.3: a list of equal lengths might be taken for one; but it passes unchanged,
/// and whoever comes next may see it otherwise.
const char* read_length(std::string_view value, RelayFields& fields) {
  if (fields.has_length) return "Content-Length is there twice";
  fields.has_length = true;
  const bool digits =
      std::ranges::all_of(value, [](char each) { return each >= '0' && each <= '9'; });
  const auto read = std::from_chars(value.data(), value.data() + value.size(), fields.length);
  if (value.empty() || !digits || read.ec != std::errc{} || fields.length > INT64_MAX) {
    return "Content-Length is no number";
  }
  return nullptr;
}

const char* note(HeaderView field, RelayFields& fields) {
  const auto is = [&](std::string_view name) { return equals_ignoring_case(field.name, name); };
  if (is("content-length")) return read_length(field.value, fields);
  if (is("transfer-encoding")) {
    if (fields.has_encoding) return "Transfer-Encoding is there twice";
    fields.has_encoding = true;
    fields.encoding = field.value;
  } else if (is("host")) {
    if (fields.has_host) return "Host is there twice";
    fields.has_host = true;
  } else if (is("connection")) {
    read_connection(field.value, fields);
  } else if (is("upgrade")) {
    fields.has_upgrade = true;
  } else if (is("expect")) {
    fields.expects_continue = equals_ignoring_case(field.value, "100-continue");
  }
  return nullptr;
}

}  // namespace

bool is_http_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

std::expected<RelayFields, HeadRefusal> read_relayed_fields(std::string_view lines,
                                                            std::vector<HeaderView>& headers) {
  RelayFields fields;
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    const auto line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
    if (line.starts_with(' ') || line.starts_with('\t')) return refuse("a header line is folded");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return refuse("a header line has no colon");
    const HeaderView field{.name = line.substr(0, colon),
                           .value = without_space(line.substr(colon + 1))};
    if (!is_http_token(field.name)) return refuse("a header's name is not a token");
    if (std::ranges::any_of(field.value, is_control)) {
      return refuse("a header's value has a control character");
    }
    if (const auto* const reason = note(field, fields)) return refuse(reason);
    headers.push_back(field);
  }
  return fields;
}

}  // namespace mcp
