#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mcp/session/call_table.hpp"
#include "mcp/session/handshake.hpp"
#include "mcp/session/session.hpp"

namespace mcp {

/// The inside of a session: what goes out is in session.cpp, what comes in in session_replies.cpp.
/// Replies are always called last, after the call has left the table: they may start further calls.
struct Session::State {
  SessionConfig config;
  SessionSink& sink;
  SessionObserver& observer;
  CallTable calls{config.first_request_id};
  /// In force once a handshake has succeeded; `era` already while it goes on.
  std::optional<Revision> revision;
  Era era = Era::legacy;
  /// Capabilities that this handshake declared (legacy).
  ClientCapabilities declared;
  std::size_t messages_in_row = 0;

  // session.cpp
  RequestId start(Call call);
  void send_request(std::int64_t id, Call call);
  void send_notification(std::string method, Json params, TimePoint deadline);
  void signal_cancellation(std::int64_t id, const Call& call, const std::string& reason);
  void give_up_all(const Error& error, const std::string& reason);

  // session_replies.cpp
  void receive_result(const RequestId& id, Json result);
  void receive_error(const ErrorResponse& response);
  void receive_request(const Request& request);
  void receive_notification(const Notification& notification, TimePoint now);
  void fail_call(std::int64_t id, Error error);
  void count_message();

 private:
  void reply(Call call, Result<Json> outcome);
  void settle_result(Call call, Json result);
  void settle_error(Call call, Error error);
  void send_input(Call call, const Json& result);
  void report_unmatched(const RequestId& id);
  void route_progress(const Notification& notification);
  void end_subscription(const Notification& notification, TimePoint now);
};

}  // namespace mcp
