#include "tests/server/stream_log.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mcp::testserver {

namespace {

constexpr std::size_t max_logged_events = 256;
constexpr std::size_t max_logged_bytes = 1024UL * 1024;

std::string event_id(std::uint64_t stream, std::uint64_t event) {
  return std::to_string(stream) + "-" + std::to_string(event);
}

}  // namespace

std::optional<StreamLog::Position> StreamLog::parse_event_id(std::string_view id) {
  Position position{};
  const auto dash = std::min(id.find('-'), id.size());
  const auto read = [](std::string_view digits, std::uint64_t& into) {
    const auto [stop, failure] = std::from_chars(digits.begin(), digits.end(), into);
    return failure == std::errc{} && stop == digits.end();
  };
  const bool sound = dash < id.size() && read(id.substr(0, dash), position.stream) &&
                     read(id.substr(dash + 1), position.event);
  if (!sound) return std::nullopt;
  return position;
}

void StreamLog::attach(std::uint64_t number, std::unique_ptr<SseStream> connection) {
  auto* raw = connection.get();
  streams_[number].connection = std::move(connection);
  raw->on_closed([this, number, raw] {
    const auto found = streams_.find(number);
    if (found == streams_.end() || found->second.connection.get() != raw) return;
    found->second.connection.reset();
    // Nothing of it can be resumed: no event was ever sent.
    if (found->second.next_event == 0 && found->second.origin == Origin::get) streams_.erase(found);
  });
}

std::uint64_t StreamLog::open(std::unique_ptr<SseStream> connection, Origin origin,
                              Priming priming) {
  const auto number = ++last_stream_;
  auto& stream = streams_[number];
  stream.origin = origin;
  if (priming == Priming::yes) {
    connection->prime(event_id(number, stream.next_event++), retry_);
  }
  attach(number, std::move(connection));
  return number;
}

bool StreamLog::knows(std::string_view last_event_id) const {
  const auto position = parse_event_id(last_event_id);
  if (!position) return false;
  const auto found = streams_.find(position->stream);
  return found != streams_.end() && position->event < found->second.next_event;
}

void StreamLog::resume(std::string_view last_event_id, std::unique_ptr<SseStream> connection) {
  const auto position = parse_event_id(last_event_id);
  if (!position) return;
  for (const auto& logged : log_) {
    if (logged.stream != position->stream || logged.event <= position->event) continue;
    connection->event(logged.message, event_id(logged.stream, logged.event));
  }
  auto& stream = streams_[position->stream];
  if (stream.finished) return connection->finish();
  attach(position->stream, std::move(connection));
}

void StreamLog::send(std::uint64_t number, std::string_view message) {
  const auto found = streams_.find(number);
  if (found == streams_.end()) return;
  auto& stream = found->second;
  const auto event = stream.next_event++;
  log_.push_back({.stream = number, .event = event, .message = std::string(message)});
  log_bytes_ += message.size();
  if (stream.connection != nullptr) stream.connection->event(message, event_id(number, event));
  trim();
}

void StreamLog::finish(std::uint64_t number) {
  const auto found = streams_.find(number);
  if (found == streams_.end()) return;
  found->second.finished = true;
  if (auto connection = std::exchange(found->second.connection, nullptr)) connection->finish();
  if (!is_logged(number)) streams_.erase(number);
}

bool StreamLog::is_logged(std::uint64_t number) const {
  return std::ranges::find(log_, number, &Logged::stream) != log_.end();
}

void StreamLog::trim() {
  while (log_.size() > max_logged_events || (log_bytes_ > max_logged_bytes && log_.size() > 1)) {
    const auto number = log_.front().stream;
    log_bytes_ -= log_.front().message.size();
    log_.pop_front();
    const auto found = streams_.find(number);
    if (!is_logged(number) && found != streams_.end() && found->second.finished)
      streams_.erase(found);
  }
}

std::optional<std::uint64_t> StreamLog::newest_get() const {
  for (auto entry = streams_.rbegin(); entry != streams_.rend(); ++entry) {
    if (entry->second.origin == Origin::get && entry->second.connection != nullptr) {
      return entry->first;
    }
  }
  return std::nullopt;
}

void StreamLog::finish_gets() {
  std::vector<std::uint64_t> gets;
  for (const auto& [number, stream] : streams_) {
    if (stream.origin == Origin::get) gets.push_back(number);
  }
  for (const auto number : gets) finish(number);
}

}  // namespace mcp::testserver
