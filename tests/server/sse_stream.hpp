#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "mcp/io/http_server.hpp"
#include "tests/server/metrics.hpp"

namespace mcp::testserver {

class SseStream;

/// All event streams that are open, for keep-alive comments and for counting them.
class OpenStreams {
 public:
  explicit OpenStreams(Metrics& metrics) : metrics_(metrics) {}
  void keep_alive();

 private:
  friend class SseStream;
  Metrics& metrics_;
  std::list<SseStream*> streams_;
};

/// The answer to one HTTP request as an event stream. Destroying it ends the connection.
class SseStream {
 public:
  SseStream(OpenStreams& registry, std::unique_ptr<HttpResponder> responder,
            const HeaderList& headers = {});
  ~SseStream();
  SseStream(const SseStream&) = delete;
  SseStream& operator=(const SseStream&) = delete;

  void event(std::string_view data, std::string_view id = {}, std::string_view type = "message");
  /// An event that carries only an id, and how long to wait before coming back (2025-11-25
  /// transports, "Sending Messages": it primes the client to resume).
  void prime(std::string_view id, std::chrono::milliseconds retry);
  void comment();
  void finish();
  void on_closed(Task task) { responder_->on_closed(std::move(task)); }

 private:
  OpenStreams& registry_;
  std::list<SseStream*>::iterator place_;
  std::unique_ptr<HttpResponder> responder_;
};

}  // namespace mcp::testserver
