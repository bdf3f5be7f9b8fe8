#include "mcp/io/response_head_reader.hpp"

#include <charconv>

#include "mcp/base/text.hpp"

namespace mcp {

ResponseHeadReader::Step ResponseHeadReader::add_line(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > max_bytes_) return Step::too_large;
  if (complete_) return Step::more;
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    add_status(line);
  } else if (!line.empty()) {
    add_field(line);
  } else if (head_.status >= 200) {
    // RFC 9110 section 15.2: any number of 1xx answers may come before the final one.
    complete_ = true;
    return Step::complete;
  }
  return Step::more;
}

void ResponseHeadReader::add_status(std::string_view line) {
  head_ = {};
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return;
  const auto code = trim(line.substr(space));
  std::from_chars(code.data(), code.data() + code.size(), head_.status);
}

void ResponseHeadReader::add_field(std::string_view line) {
  const bool continues = line.front() == ' ' || line.front() == '\t';
  if (continues && !head_.headers.empty()) {
    // RFC 9112 section 5.2: an obsolete line folding is replaced by a space.
    auto& value = head_.headers.back().value;
    if (!value.empty()) value += ' ';
    value += trim(line);
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  head_.headers.push_back({.name = std::string(trim(line.substr(0, colon))),
                           .value = std::string(trim(line.substr(colon + 1)))});
}

}  // namespace mcp
