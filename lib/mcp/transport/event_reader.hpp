#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/transport/endpoint.hpp"
#include "mcp/wire/sse_parser.hpp"

namespace mcp {

/// Reads one event stream, over as many connections as it takes. It keeps the cursor (last event
/// id) and the `retry:` time across them, and holds the bound on keep-alives.
class EventReader {
 public:
  explicit EventReader(const TransportLimits& limits);

  /// Events that `bytes` completed. Keep-alives without a message in between, beyond
  /// `keepalives_in_row`, are a limit error; events of a type that MCP does not have are such.
  Result<std::vector<SseEvent>> feed(std::string_view bytes);
  /// A new connection of the same stream begins.
  void reconnect();
  /// Whether this connection brought a message or a new event id.
  bool moved_on() const { return moved_on_; }

  /// Comments and events without a message so far, of all connections. What brings a new event id
  /// primes the stream and is not one of them.
  std::size_t keepalives() const { return all_keepalives_; }

  /// Empty: the stream has no ids, so it cannot be resumed.
  const std::string& cursor() const { return cursor_; }
  /// How long to wait before resuming: what the server asked for (it MUST be respected, 2025-11-25
  /// transports), else a second.
  std::chrono::milliseconds retry() const { return retry_; }

 private:
  TransportLimits limits_;
  SseParser parser_;
  std::string cursor_;
  std::chrono::milliseconds retry_{1000};
  bool moved_on_ = false;
  std::size_t comments_seen_ = 0;  // by this connection's parser
  std::size_t keepalives_ = 0;     // since the last message
  std::size_t all_keepalives_ = 0;
};

}  // namespace mcp
