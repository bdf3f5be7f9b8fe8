#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "mcp/io/http.hpp"
#include "mcp/session/session.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

enum class TransportKind { stdio, http_sse, streamable_http };
std::string_view to_string(TransportKind kind);

/// What a transport tells its owner. Calls come from inside the loop, never from inside a call to
/// the transport.
class TransportObserver {
 public:
  virtual ~TransportObserver() = default;
  virtual void on_message(Message message) = 0;
  /// This request's exchange ended without its response: HTTP status, broken stream, time out.
  /// A JSON-RPC error in the body of an HTTP error keeps its code: Error has http_status and
  /// rpc_code. 404 (and its look-alikes, see streamable_http) with a session is session_lost.
  virtual void on_request_failed(const RequestId& id, Error error) = 0;
  /// A message without id (notification, response) was refused.
  virtual void on_send_failed(Error error) = 0;
  /// The transport is dead: child exit, event stream end. Nothing comes after it.
  virtual void on_closed(Error why) = 0;
  /// The server has accepted the legacy GET stream that open_stream asked for.
  virtual void on_stream_opened() = 0;
  /// The legacy GET stream ended for good: Error, or kind http with 405 where there is none.
  virtual void on_stream_ended(Error why) = 0;
  /// An event stream brought a comment, or an event without a message (HTTP only).
  virtual void on_keep_alive() {}
  virtual void on_warning(const std::string& warning) = 0;
  /// After each exchange (HTTP only).
  virtual void on_timings(const HttpTimings& timings) = 0;
};

/// One way of carrying messages to one server. Not reusable after `close`.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual TransportKind kind() const = 0;
  /// stdio: starts the child. http-sse: opens the stream and waits for the endpoint event.
  /// streamable-http: nothing to do; answers in the next turn.
  virtual void open(TimePoint deadline, std::move_only_function<void(Result<void>)> done) = 0;
  virtual void send(Outgoing outgoing) = 0;
  /// Ends the exchange that carries this request; nothing more is told about it.
  virtual void abandon(const RequestId& id) = 0;
  /// Opens the GET stream of the legacy Streamable HTTP; no effect elsewhere.
  virtual void open_stream() {}
  /// The revision was negotiated: from here on it is in force (headers, batches, sessions).
  virtual void set_revision(Revision revision) = 0;
  /// Leaves nothing behind: DELETEs the session, closes streams, ends the child (stdin closed,
  /// SIGTERM, SIGKILL). `done` says what could not be cleaned up; it is called before `deadline`
  /// or soon after.
  virtual void close(TimePoint deadline, std::move_only_function<void(Result<void>)> done) = 0;
  /// Mcp-Session-Id, where one is held; empty otherwise.
  virtual std::string session_id() const { return {}; }
};

}  // namespace mcp
