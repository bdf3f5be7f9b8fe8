#include "mcp/transport/event_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mcp {

namespace {

/// More than this is as good as never, and far more would overflow a time point.
constexpr std::chrono::milliseconds longest_retry = std::chrono::hours(24);

}  // namespace

EventReader::EventReader(const TransportLimits& limits) : limits_(limits), parser_(limits.sse) {}

Result<std::vector<SseEvent>> EventReader::feed(std::string_view bytes) {
  auto events = parser_.feed(bytes);
  if (!events) return events;
  const auto& id = parser_.last_event_id();
  const bool primes = !id.empty() && id != cursor_;
  if (primes) {
    cursor_ = id;
    moved_on_ = true;
  }
  retry_ = std::min(parser_.retry().value_or(retry_), longest_retry);

  keepalives_ += parser_.comments() - comments_seen_;
  if (!primes) all_keepalives_ += parser_.comments() - comments_seen_;
  comments_seen_ = parser_.comments();
  for (const auto& event : *events) {
    const bool counts = event.type == "message" || event.type == "endpoint";
    keepalives_ = counts ? 0 : keepalives_ + 1;
    all_keepalives_ += counts ? 0 : 1;
    moved_on_ = moved_on_ || counts;
  }
  if (keepalives_ > limits_.keepalives_in_row) {
    return fail(ErrorKind::limit,
                fmt::format("the event stream brought more than {} comments and empty events in a "
                            "row, and no message",
                            limits_.keepalives_in_row));
  }
  return events;
}

void EventReader::reconnect() {
  parser_ = SseParser(limits_.sse);
  comments_seen_ = 0;
  moved_on_ = false;
}

}  // namespace mcp
