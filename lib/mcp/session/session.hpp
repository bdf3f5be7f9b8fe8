#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"
#include "mcp/base/time.hpp"
#include "mcp/session/config.hpp"
#include "mcp/session/peer.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

/// A message on its way out, with the HTTP fields that mirror it (Mcp-Method, Mcp-Name,
/// Mcp-Param-*, MCP-Protocol-Version). Transports without headers ignore them.
struct Outgoing {
  Message message;
  HeaderList headers;
  TimePoint deadline = TimePoint::max();
};

/// Where a session's messages go. `send` must not call back into the session.
class SessionSink {
 public:
  virtual ~SessionSink() = default;
  virtual void send(Outgoing outgoing) = 0;
  /// The session no longer waits for this request: over HTTP its response stream is closed
  /// (2026-07-28 cancellation). The session itself sends notifications/cancelled where that is due.
  virtual void abandon(const RequestId& id) = 0;
};

/// An answer that nobody waits for: to a request that was given up, to one that was answered
/// already, or to none that was ever sent.
enum class StrayAnswer { late, duplicate, never_sent };

/// What a session tells its owner besides replies.
class SessionObserver {
 public:
  virtual ~SessionObserver() = default;
  virtual void on_notification(const Notification& notification) = 0;
  /// A server request was received and answered; `answered` says how ("declined", "empty list").
  virtual void on_server_request(const Request& request, const std::string& answered) = 0;
  /// Something odd that is not an error: one line, safe to print.
  virtual void on_warning(const std::string& warning) = 0;
  /// Those that break a rule are told by a warning too.
  virtual void on_stray_answer(StrayAnswer) {}
};

using OnReply = std::move_only_function<void(Result<Json>)>;

struct CallOptions {
  TimePoint deadline = TimePoint::max();
  /// Asks for progress with a token; called for each notifications/progress of this request.
  std::move_only_function<void(const Notification&)> on_progress;
  /// Further HTTP fields: Mcp-Param-* (2026-07-28 streamable-http, "Custom Headers").
  HeaderList headers;
  /// Of `reserve_id`; none: the next one.
  std::optional<std::int64_t> id;
};

/// One peer's protocol state: ids, deadlines, eras, version choice, cancellation, input requests.
/// It has no sockets and reads no clock. Each call is answered exactly once: by its response, by
/// `fail_request`, by its deadline, or by `fail_all`. Callbacks may start further calls.
class Session {
 public:
  Session(SessionConfig config, SessionSink& sink, SessionObserver& observer);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Legacy handshake: initialize, version choice, notifications/initialized
  /// (2025-11-25 lifecycle, "Initialization"). A server that answers with a revision we do not
  /// speak is a protocol error that names both.
  RequestId initialize(Revision offer, TimePoint deadline,
                       std::move_only_function<void(Result<Peer>)> done);
  /// Modern handshake: server/discover, then -32022 handled by one retry with a revision both
  /// speak (2026-07-28 versioning). Errors keep rpc_code, so that the caller can judge the era.
  RequestId discover(Revision offer, TimePoint deadline,
                     std::move_only_function<void(Result<Peer>)> done);

  /// Requests of the modern era carry `_meta`; input_required results are answered and the request
  /// retried with a new id until a final result comes or `max_input_rounds` is passed.
  /// The reply is `result` (a tool's isError included) or an error of kind rpc, timeout, protocol…
  RequestId call(std::string method, Json params, CallOptions options, OnReply on_reply);
  /// An id for one call, or for a request that is sent without the session's knowledge.
  std::int64_t reserve_id();
  void notify(std::string method, Json params);
  /// Gives a call up: cancellation as the era wants it, and its reply is never called.
  void cancel(const RequestId& id, const std::string& reason);

  void receive(Message message, TimePoint now);
  /// The transport knows that this request gets no answer (HTTP status, stream end, child exit).
  void fail_request(const RequestId& id, Error error);
  void fail_all(const Error& error);
  /// Ends the calls whose deadline is not after `now` with kind timeout.
  void expire(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

  /// The revision in force; legacy sends it as MCP-Protocol-Version from the initialized
  /// notification on (2025-06-18 transports, "Protocol Version Header").
  std::optional<Revision> revision() const;
  /// Forgets the revision and fails what is open: a new handshake may follow (fallback).
  void reset();
  std::size_t pending() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mcp
