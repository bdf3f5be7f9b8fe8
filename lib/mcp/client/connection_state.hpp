#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/client/connection.hpp"
#include "mcp/client/negotiation.hpp"

namespace mcp {

/// The inside of a Connection: one session, the transport in use, and those that are still closing.
class Connection::State final : public SessionSink, public SessionObserver {
 public:
  State(TransportContext context, Endpoint endpoint, ClientOptions options,
        ConnectionObserver& observer);
  ~State() override;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void open(TimePoint deadline, std::move_only_function<void(Result<Peer>)> done);
  void close(TimePoint deadline, std::move_only_function<void(Result<void>)> done);
  RequestId call(std::string method, Json params, CallOptions options, OnReply on_reply);
  std::int64_t reserve_id() { return session_->reserve_id(); }
  void cancel(const RequestId& id, const std::string& reason);
  void notify(std::string method, Json params);
  void open_stream();
  TransportKind transport() const;
  std::string session_id() const;

  // SessionSink
  void send(Outgoing outgoing) override;
  void abandon(const RequestId& id) override;
  // SessionObserver
  void on_notification(const Notification& notification) override;
  void on_server_request(const Request& request, const std::string& answered) override;
  void on_warning(const std::string& warning) override;
  void on_stray_answer(StrayAnswer stray) override;

 private:
  /// A transport and the way back to the state; cut off (`state` null) once it is retired.
  class Link;

  void start_attempt();
  void shake_hands();
  void discover();
  void initialize();
  void discovered(Result<Peer> outcome);
  void initialized(Result<Peer> outcome);
  void adopt(Peer peer);
  void attempt_failed(const Error& failure, FailedAt where);
  void finish_open(Result<Peer> outcome);
  void retire_link();
  void make_session(TransportKind kind);
  /// stdio, where `initialize` may follow: how long server/discover is waited for alone.
  std::optional<TimePoint> patience() const;
  void arm_timer();

  void receive(Message message);
  void request_failed(const RequestId& id, Error error);
  void send_failed(const Error& error);
  void transport_closed(const Error& why);

  TransportContext context_;
  Endpoint endpoint_;
  ClientOptions options_;
  ConnectionObserver& observer_;

  std::optional<Negotiation> negotiation_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Link> link_;
  std::vector<std::unique_ptr<Link>> retired_;
  std::unique_ptr<Handle> timer_;
  std::optional<TimePoint> armed_for_;
  TimePoint open_deadline_ = TimePoint::max();
  std::move_only_function<void(Result<Peer>)> opened_;
  std::optional<Error> link_end_;  // why the link is dead
  // A stdio server that is silent may be legacy, or still starting: after a while `initialize` is
  // sent beside the open server/discover, and the first answer that fits decides.
  std::unique_ptr<Handle> patience_timer_;
  std::optional<RequestId> discover_id_;
  std::optional<RequestId> initialize_id_;
  std::optional<Error> initialize_failure_;
};

}  // namespace mcp
