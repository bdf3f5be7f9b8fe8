#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/io/http_server.hpp"
#include "mcp/io/http_server_parser.hpp"
#include "mcp/io/http_server_socket.hpp"

namespace mcp {

class HttpServerConnection;
class ConnectionResponder;

/// What a connection needs of its server.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  virtual Loop& loop() = 0;
  virtual const HttpServerOptions& options() const = 0;
  virtual HttpHandler& handler() = 0;
  virtual bool draining() const = 0;
  /// The connection is over: it is to be destroyed in a later turn.
  virtual void retire(std::uint64_t id) = 0;
  /// Has `report_drained` called in a later turn, if the connection is there then.
  virtual void report_drained_later(std::uint64_t id) = 0;
  /// The same with `resume`.
  virtual void resume_later(std::uint64_t id) = 0;
  /// A connection's buffers have grown from `before` to `now`, or shrunk; false where all of them
  /// together are more than they may be.
  virtual bool count_held(std::size_t before, std::size_t now) = 0;
};

/// One accepted connection: reads requests, hands them over one by one, sends what their responders
/// write. It never destroys itself; `retire` has that done outside of its own calls.
class HttpServerConnection {
 public:
  HttpServerConnection(ConnectionHost& host, std::unique_ptr<ServerSocket> socket,
                       std::uint64_t id);
  ~HttpServerConnection();
  HttpServerConnection(const HttpServerConnection&) = delete;
  HttpServerConnection& operator=(const HttpServerConnection&) = delete;

  /// Acts on the time limits that have passed; true where one had.
  bool check_limits(TimePoint now);
  /// Tells the responder that everything is sent, if that is still so.
  void report_drained();
  /// Goes on with the requests that wait, unless their answers still could not be sent.
  void resume();
  /// The server drains: closes at once when no request is in the works.
  void drain();
  /// Since when it waits for a request, for the rest of one, or for its peer to read; nothing while
  /// an answer is in the works.
  std::optional<TimePoint> waits_since() const;
  /// Another connection needs its place.
  void give_way() { die(); }

 private:
  friend class ConnectionResponder;
  enum class Phase {
    reading,    // waits for a request, or is in the middle of one
    answering,  // a responder is at work
    closing,    // sends the rest, then FIN
    lingering,  // FIN is sent; discards what comes until the peer closes, or a second has passed
    dead,
  };

  // Input.
  void on_ready(Readiness ready);
  void read_some();
  void on_bytes(std::string_view bytes);
  void on_peer_closed();
  void process();
  bool parse_one();
  void dispatch();
  void forget_request();
  bool is_inside_request() const { return parser_.started() || !input_.empty(); }
  void refuse(int status);

  // Output; called by the responder too.
  void queue(std::string_view bytes);
  std::string& output() { return output_; }
  std::size_t unsent() const { return output_.size() - sent_; }
  void flush_soon();
  void flush();
  void after_flush();
  void answer_complete();
  void responder_gone();
  void arm_drained();
  void close_when_idle(Duration quiet);
  void check_quiet();

  // Memory.
  void clear_buffer(std::string& buffer);
  void bound_memory();

  // End.
  void begin_closing();
  void shut_down();
  void die(Ending ending = Ending::orderly);
  void update_watch();
  bool keeps_alive() const;
  bool is_overdue(TimePoint since, Duration limit, TimePoint now) const;
  void check_phase(TimePoint now);
  void check_reading(TimePoint now);

  ConnectionHost& host_;
  std::unique_ptr<ServerSocket> socket_;
  std::uint64_t id_;
  HttpRequestParser parser_;
  HttpServerRequest request_;
  std::string input_;
  std::string output_;
  std::size_t sent_ = 0;
  std::size_t held_ = 0;  // what was counted last
  Phase phase_ = Phase::reading;
  ConnectionResponder* responder_ = nullptr;
  bool processing_ = false;  // inside `process`: answers are flushed at its end
  bool waiting_ = false;     // requests are there, and are to be answered in a later turn
  bool fresh_ = true;        // no request was answered yet
  bool write_blocked_ = false;
  bool read_wants_write_ = false;
  bool continue_sent_ = false;
  bool close_after_answer_ = false;
  TimePoint request_since_;  // when its first byte came, or when the connection was accepted
  TimePoint last_activity_;
  Duration quiet_{};  // 0: no limit
  std::unique_ptr<Handle> quiet_timer_;
  std::unique_ptr<Handle> watch_;
  int watched_ = 0;
};

}  // namespace mcp
