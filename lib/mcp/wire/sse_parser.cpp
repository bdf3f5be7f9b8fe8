#include "mcp/wire/sse_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {

// WHATWG HTML section 9.2.6, "Interpreting an event stream". A line is taken as soon as its CR or
// LF is there; the LF of a CRLF may come with the next bytes.
Result<std::vector<SseEvent>> SseParser::feed(std::string_view bytes) {
  std::vector<SseEvent> events;
  while (!bytes.empty()) {
    if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const auto end = bytes.find_first_of("\r\n");
    auto outcome = append_to_line(bytes.substr(0, end));
    if (!outcome) return std::unexpected(std::move(outcome.error()));
    if (end == std::string_view::npos) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    outcome = end_line(events);
    if (!outcome) return std::unexpected(std::move(outcome.error()));
  }
  return events;
}

Result<void> SseParser::append_to_line(std::string_view bytes) {
  if (broken_ || bytes.size() > limits_.line_bytes - line_.size()) {
    broken_ = true;
    return fail(ErrorKind::limit,
                fmt::format("a line of the event stream is longer than the limit of {} bytes: {}",
                            limits_.line_bytes, quoted(line_.empty() ? bytes : line_)));
  }
  line_ += bytes;
  return {};
}

Result<void> SseParser::end_line(std::vector<SseEvent>& events) {
  std::string_view line = line_;
  if (std::exchange(at_start_, false) && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (line.empty()) {
    dispatch(events);
  } else if (line.front() == ':') {
    ++comments_;
    after_comment_ = true;
  } else if (event_bytes_ += line.size(); event_bytes_ > limits_.event_bytes) {
    broken_ = true;
    return fail(ErrorKind::limit, fmt::format("an event is longer than the limit of {} bytes: {}",
                                              limits_.event_bytes, quoted(line)));
  } else {
    after_comment_ = false;
    const auto colon = std::min(line.find(':'), line.size());
    auto value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    take_field(line.substr(0, colon), value);
  }
  line_.clear();
  return {};
}

void SseParser::take_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    data_ += value;
    data_ += '\n';
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) pending_id_ = value;
  } else if (name == "retry") {
    const bool digits = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
    std::int64_t number = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
    if (digits && parsed.ec == std::errc{}) retry_ = std::chrono::milliseconds(number);
  }
}

void SseParser::dispatch(std::vector<SseEvent>& events) {
  last_event_id_ = pending_id_;
  if (data_.ends_with('\n')) data_.pop_back();
  if (data_.empty()) {
    // WHATWG would dispatch "data:" as an event with empty data. No MCP message is empty: such an
    // event is there for its id alone (2025-11-25 transports, "Sending Messages to the Server").
    if (!after_comment_) ++comments_;
  } else {
    events.push_back({.type = type_.empty() ? "message" : std::move(type_),
                      .data = std::move(data_),
                      .last_event_id = last_event_id_});
  }
  data_.clear();
  type_.clear();
  event_bytes_ = 0;
  after_comment_ = false;
}

}  // namespace mcp
