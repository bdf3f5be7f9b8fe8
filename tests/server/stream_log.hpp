#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/server/sse_stream.hpp"

namespace mcp::testserver {

/// The event streams of one session, and their latest messages, so that a client can resume one
/// whose connection broke (2025-11-25 transports, "Resumability and Redelivery"). Event ids are
/// `STREAM-NUMBER`, unique in the session.
class StreamLog {
 public:
  enum class Origin { get, post };
  enum class Priming { yes, no };

  explicit StreamLog(std::chrono::milliseconds retry) : retry_(retry) {}

  /// Takes the connection for a new stream; its number.
  std::uint64_t open(std::unique_ptr<SseStream> connection, Origin origin, Priming priming);
  /// Takes the connection for the stream that sent this event, and sends what came after it.
  /// False, with the connection untouched, when the id is unknown.
  bool knows(std::string_view last_event_id) const;
  void resume(std::string_view last_event_id, std::unique_ptr<SseStream> connection);

  /// Sends on this stream; without a connection the message waits for the client to resume.
  void send(std::uint64_t stream, std::string_view message);
  /// The stream has said everything.
  void finish(std::uint64_t stream);
  /// The newest stream opened by GET that has a connection.
  std::optional<std::uint64_t> newest_get() const;
  /// Ends the streams opened by GET, and says when to come back.
  void finish_gets();

 private:
  struct Stream {
    Origin origin = Origin::get;
    std::uint64_t next_event = 0;
    bool finished = false;
    std::unique_ptr<SseStream> connection;
  };
  struct Logged {
    std::uint64_t stream;
    std::uint64_t event;
    std::string message;
  };
  struct Position {
    std::uint64_t stream;
    std::uint64_t event;
  };
  static std::optional<Position> parse_event_id(std::string_view id);
  void attach(std::uint64_t number, std::unique_ptr<SseStream> connection);
  bool is_logged(std::uint64_t number) const;
  void trim();

  std::chrono::milliseconds retry_;
  std::uint64_t last_stream_ = 0;
  std::map<std::uint64_t, Stream> streams_;
  std::deque<Logged> log_;
  std::size_t log_bytes_ = 0;
};

}  // namespace mcp::testserver
