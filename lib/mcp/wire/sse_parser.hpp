#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"

namespace mcp {

/// One dispatched event (WHATWG HTML section 9.2.6). `type` is "message" where the stream names
/// none.
struct SseEvent {
  std::string type;
  std::string data;
  /// The last event id that holds once this event is dispatched; empty if none was ever seen.
  std::string last_event_id;
};

struct SseLimits {
  std::size_t event_bytes = 64UL * 1024 * 1024;
  std::size_t line_bytes = 64UL * 1024 * 1024;
};

/// Parses text/event-stream bytes, cut anywhere: CR, LF or CRLF line ends, a leading byte order
/// mark, comments, `retry:`, ids with NUL ignored. An event with an empty data buffer is not
/// dispatched, but its `id` and `retry` count (priming events of SEP-1699).
class SseParser {
 public:
  explicit SseParser(SseLimits limits = {}) : limits_(limits) {}

  Result<std::vector<SseEvent>> feed(std::string_view bytes);

  const std::string& last_event_id() const { return last_event_id_; }
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }
  /// Comments, events without data and spare blank lines seen so far, for keep-alive findings and
  /// flood bounds. A comment and the blank line after it count once.
  std::size_t comments() const { return comments_; }

 private:
  Result<void> append_to_line(std::string_view bytes);
  Result<void> end_line(std::vector<SseEvent>& events);
  void take_field(std::string_view name, std::string_view value);
  void dispatch(std::vector<SseEvent>& events);

  SseLimits limits_;
  std::string line_;
  std::string data_;
  std::string type_;
  std::string last_event_id_;
  std::string pending_id_;
  std::optional<std::chrono::milliseconds> retry_;
  std::size_t comments_ = 0;
  std::size_t event_bytes_ = 0;
  bool at_start_ = true;
  bool after_cr_ = false;
  bool after_comment_ = false;
  bool broken_ = false;
};

}  // namespace mcp
