#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mcp/client/options.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/session/session.hpp"
#include "mcp/transport/table.hpp"

namespace mcp {

/// What a connection tells its owner besides replies; every call is optional to handle.
class ConnectionObserver {
 public:
  virtual ~ConnectionObserver() = default;
  virtual void on_notification(const Notification&) {}
  virtual void on_server_request(const Request&, const std::string& /*answered*/) {}
  virtual void on_warning(const std::string&) {}
  /// A notification showed that the server no longer has the session, and no call was open that
  /// could have told it.
  virtual void on_session_lost(const Error&) {}
  virtual void on_stray_answer(StrayAnswer) {}
  virtual void on_timings(const HttpTimings&) {}
  /// The transport of an attempt has opened; the handshake follows.
  virtual void on_transport_open() {}
  /// The legacy GET stream: the server has accepted it; it ended or was refused (405).
  virtual void on_stream_opened() {}
  virtual void on_stream_ended(const Error&) {}
  /// An event stream brought a comment, or an event without a message.
  virtual void on_keep_alive() {}
  virtual void on_closed(const Error&) {}
};

/// Session + transport + loop: one server, asynchronously. Chooses transport and era as
/// 2026-07-28 versioning and the binding pages say, unless options name them.
class Connection {
 public:
  Connection(TransportContext context, Endpoint endpoint, ClientOptions options,
             ConnectionObserver& observer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Connects and does the era's handshake. Errors tell the first failure that matters: a server
  /// that speaks no MCP at all is told by its answer to the first request.
  void open(TimePoint deadline, std::move_only_function<void(Result<Peer>)> done);
  RequestId call(std::string method, Json params, CallOptions options, OnReply on_reply);
  /// After `open`: see Session::reserve_id.
  std::int64_t reserve_id();
  void cancel(const RequestId& id, const std::string& reason);
  void notify(std::string method, Json params);
  /// Legacy Streamable HTTP: opens the GET stream. Elsewhere nothing.
  void open_stream();
  void close(TimePoint deadline, std::move_only_function<void(Result<void>)> done);

  TransportKind transport() const;
  std::string session_id() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace mcp
