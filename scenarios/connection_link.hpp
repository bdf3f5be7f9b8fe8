#pragma once

#include <memory>
#include <optional>

#include "mcp/client/connection.hpp"
#include "scenarios/connection_port.hpp"

namespace scenarios {

/// One connection of a port, with what is still asked of it. It stays until that is answered, also
/// when the port has gone on to another one.
class ConnectionPort::Link final : public mcp::ConnectionObserver, private PreparedCallOwner {
 public:
  Link(ConnectionPort& port, const mcp::ClientOptions& client);

  void open(mcp::TimePoint deadline, OnOutcome done);
  void ask(Ask ask, OnOutcome done);
  void close(mcp::TimePoint deadline, OnOutcome done);
  /// The port has another one: only answers are told from now on.
  void retire() { retired_ = true; }
  bool is_idle() const { return pending_ == 0; }

 private:
  void listen(mcp::TimePoint deadline, OnOutcome done);
  void listen_modern();
  void stream_opened();
  void stream_over(const mcp::Error& why);
  void answer(const Outcome& outcome, OnOutcome& done);
  /// By the client library. `id`: of `reserve_id`, or the next one.
  std::int64_t ask_library(Ask ask, OnOutcome done, mcp::TimePoint started,
                           std::optional<std::int64_t> id);
  Outcome judge(const mcp::Result<mcp::Json>& reply, const Ask& ask, mcp::TimePoint started) const;
  mcp::HeaderList headers_of(const Ask& ask, const mcp::Json& arguments) const;
  std::string method(const Ask& ask) const;

  // connection_link_prepared.cpp: calls that need not be made anew
  bool may_prepare(const Ask& ask) const;
  bool send_prepared(Ask& ask, OnOutcome& done);
  struct Known {
    const Request* request = nullptr;
    mcp::TimePoint learnt;
    std::unique_ptr<CallTemplate> bytes;
  };
  Known take_known(const Ask& ask);
  void ask_and_learn(Ask ask, OnOutcome done);
  std::unique_ptr<PreparedCall> take(const PreparedCall& call);
  void on_answered(PreparedCall& call) override;
  void on_unusual(PreparedCall& call) override;

  bool is_modern() const { return era_ == mcp::Era::modern; }
  mcp::TimePoint now() const { return port_.loop_.now(); }

  // mcp::ConnectionObserver
  void on_notification(const mcp::Notification& notification) override;
  void on_server_request(const mcp::Request& request, const std::string& answered) override;
  void on_stray_answer(mcp::StrayAnswer stray) override;
  void on_stream_opened() override { stream_opened(); }
  void on_stream_ended(const mcp::Error& why) override { stream_over(why); }
  void on_session_lost(const mcp::Error& why) override;
  void on_keep_alive() override;
  void on_closed(const mcp::Error& why) override;

  ConnectionPort& port_;
  std::size_t pending_ = 0;
  bool retired_ = false;
  bool closing_ = false;
  mcp::Era era_ = mcp::Era::legacy;
  OnOutcome opened_;
  mcp::TimePoint open_started_;
  OnOutcome listening_;  // until the stream is open
  mcp::TimePoint listen_started_;
  bool stream_open_ = false;
  mcp::TimePoint last_on_stream_;
  bool keep_alive_seen_ = false;  // on this stream
  std::unique_ptr<mcp::Handle> open_guard_;
  std::unique_ptr<mcp::Handle> listen_guard_;
  bool is_prepared_for_ = false;
  std::vector<Known> known_;         // what is under way is not among them
  std::shared_ptr<mcp::Http> http_;  // shared with the port
  LaneHttp* lane_;
  // Last: their callbacks use what is above.
  mcp::Connection connection_;
  std::vector<std::unique_ptr<PreparedCall>> calls_;
};

}  // namespace scenarios
