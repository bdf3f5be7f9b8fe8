#pragma once

#include <string_view>

#include "tests/server/conversation.hpp"
#include "tests/server/inbound.hpp"

namespace mcp::testserver {

/// The HTTP+SSE transport of 2024-11-05: an event stream at /sse, whose session takes messages at
/// /messages?sessionId=… and lives as long as the stream.
class HttpSseEndpoint {
 public:
  explicit HttpSseEndpoint(Service& service);

  void open(const Inbound& inbound, ResponderPtr responder);
  void post(const Inbound& inbound, ResponderPtr responder);
  void announce(Jobs::Change change, std::string_view uri);
  void drain();

 private:
  struct Peer;
  static Peer& peer_of(Session& session);
  void close(const std::string& id);

  Service& service_;
  SessionTable sessions_;
};

}  // namespace mcp::testserver
