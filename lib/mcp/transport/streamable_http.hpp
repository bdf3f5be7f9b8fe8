#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mcp/transport/http_session.hpp"
#include "mcp/transport/initialized_gate.hpp"
#include "mcp/transport/listen_stream.hpp"
#include "mcp/transport/post_exchange.hpp"
#include "mcp/transport/retired.hpp"
#include "mcp/transport/session_end.hpp"
#include "mcp/transport/table.hpp"

namespace mcp {

/// Streamable HTTP of 2025-03-26 to 2026-07-28: one POST exchange a message, the legacy GET stream,
/// and the legacy session's end.
class StreamableHttp final : public Transport, private ExchangeObserver, private ListenObserver {
 public:
  StreamableHttp(const Endpoint& endpoint, TransportContext context, TransportObserver& observer);

  TransportKind kind() const override { return TransportKind::streamable_http; }
  void open(TimePoint deadline, std::move_only_function<void(Result<void>)> done) override;
  void send(Outgoing outgoing) override;
  void abandon(const RequestId& id) override;
  void open_stream() override;
  void set_revision(Revision revision) override { session_.set_revision(revision); }
  void close(TimePoint deadline, std::move_only_function<void(Result<void>)> done) override;
  std::string session_id() const override { return session_.id(); }

 private:
  void on_message(Message message) override;
  void on_failed(PostExchange& from, Error error) override;
  void on_keep_alive() override;
  void on_timings(const HttpTimings& timings) override;
  Result<void> on_session_head(const HttpResponseHead& head) override;
  void on_over(PostExchange& exchange) override;
  void on_listening() override;
  void on_listen_ended(Error why) override;

  void start_stream();
  PostExchange* find_unanswered(const RequestId& id);
  void post(Outgoing outgoing);
  void cancel_exchanges();
  void end_sessions();

  Loop& loop_;
  Http& http_;
  TransportObserver& observer_;
  HttpSession session_;
  InitializedGate gate_;
  std::vector<std::string> earlier_ids_;  // of sessions that a second `initialize` has replaced
  std::vector<std::unique_ptr<PostExchange>> running_;
  Retired retired_;
  std::unique_ptr<ListenStream> listen_stream_;
  std::unique_ptr<SessionEnd> session_end_;
  std::unique_ptr<Handle> open_timer_;
  std::unique_ptr<Handle> close_timer_;
  TimePoint close_deadline_;
  std::move_only_function<void(Result<void>)> closed_;
  bool is_closing_ = false;
};

}  // namespace mcp
