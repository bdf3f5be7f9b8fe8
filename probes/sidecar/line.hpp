#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mcp/client/connection.hpp"
#include "probes/sidecar/ledger.hpp"

namespace probes::sidecar {

/// What a line tells its owner besides replies.
class LineOwner {
 public:
  virtual ~LineOwner() = default;
  virtual void on_notification(const mcp::Notification& /*notification*/) {}
  virtual void on_session_lost(const mcp::Error& /*why*/) {}
  virtual void on_line_closed(const mcp::Error& /*why*/) {}
};

/// One connection to the server, measured. Its owner may let go of it at any moment: from then on
/// it hears nothing more, and what is still on its way only matters to who closes it.
class Line final : private mcp::ConnectionObserver {
 public:
  struct Parts {
    mcp::TransportContext context;
    const mcp::Endpoint& endpoint;
    mcp::ClientOptions options;
    std::unique_ptr<mcp::Http> http;  // its own; none: the context's
  };
  Line(Parts parts, LineOwner& owner, Ledger& ledger);

  void open(mcp::TimePoint deadline, std::move_only_function<void(mcp::Result<mcp::Peer>)> done);
  void call(std::string method, mcp::Json params, mcp::TimePoint deadline, mcp::OnReply on_reply);
  /// The same, not measured: it is held open.
  void hold(std::string method, mcp::Json params, mcp::OnReply on_end);
  void let_go() { owner_ = nullptr; }
  void close(mcp::TimePoint deadline, std::move_only_function<void(mcp::Result<void>)> done);

  const std::optional<mcp::Peer>& peer() const { return peer_; }
  mcp::TransportKind transport() const { return connection_.transport(); }
  std::string session_id() const { return connection_.session_id(); }
  /// An answer to the opening may still come, and with it a session.
  bool is_opening() const { return is_opening_; }

 private:
  void on_notification(const mcp::Notification& notification) override;
  void on_session_lost(const mcp::Error& why) override;
  void on_timings(const mcp::HttpTimings& timings) override;
  void on_closed(const mcp::Error& why) override;
  void opened(mcp::Result<mcp::Peer> outcome, mcp::TimePoint begun);

  mcp::Loop& loop_;
  LineOwner* owner_;
  Ledger& ledger_;
  std::unique_ptr<mcp::Http> http_;
  std::optional<mcp::Peer> peer_;
  bool is_opening_ = false;
  std::move_only_function<void(mcp::Result<mcp::Peer>)> done_;
  mcp::Connection connection_;
};

/// What this operation's failure is called in the figures.
std::string error_type(const mcp::Error& failure);

}  // namespace probes::sidecar
