#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mcp/io/http_relay.hpp"
#include "mcp/io/http_relay_body.hpp"
#include "mcp/io/http_relay_head.hpp"
#include "mcp/io/http_relay_socket.hpp"
#include "mcp/io/http_relay_upstream.hpp"

namespace mcp {

class RelayConnection;

/// What a connection needs of its relay.
class RelayHost {
 public:
  virtual ~RelayHost() = default;
  virtual Loop& loop() = 0;
  virtual const HttpRelayOptions& options() const = 0;
  virtual RelayGate& gate() = 0;
  virtual RelayUpstream& upstream() = 0;
  /// Where all connections read into, one after the other; less where much is held already.
  virtual std::span<char> space() = 0;
  /// A connection holds so many bytes more, or fewer.
  virtual void holds_more(std::int64_t bytes) = 0;
  virtual bool is_crowded() const = 0;
  virtual std::uint64_t new_request() = 0;
  virtual void request_begins(std::uint64_t id, RelayConnection& connection) = 0;
  virtual void request_ends(std::uint64_t id) = 0;
  /// Looks the server's addresses up for `on_addresses` of that connection, if it is there then.
  virtual void find_upstream(std::uint64_t number) = 0;
  /// The connection is over: it is to be destroyed in a later turn.
  virtual void retire(std::uint64_t number) = 0;
};

/// One client's connection and its upstream connection. Bytes pass as they come; the parsers only
/// say to which message they belong. It never destroys itself.
class RelayConnection {
 public:
  enum class Room { there, none };  // none: its first request is answered 503

  RelayConnection(RelayHost& host, Descriptor client, std::uint64_t number, Room room);
  RelayConnection(const RelayConnection&) = delete;
  RelayConnection& operator=(const RelayConnection&) = delete;

  void on_addresses(const RelayUpstream::Addresses& addresses, const std::string& problem);
  /// Ends both sides with RST.
  void cut();

 private:
  enum class Asking : std::uint8_t {
    head,        // the next request's head is read
    inspecting,  // its body is held until the gate has seen it
    body,        // it passes
    whole,       // it has passed; what follows waits for the end of the answer
    tunnel,      // both sides have left HTTP
    lingering,   // nothing more is read as a request
  };
  enum class Answering : std::uint8_t { none, head, body, whole, tunnel };

  // The client's side: http_relay_asking.cpp.
  void on_client(Readiness ready);
  void on_client_bytes(std::string_view bytes);
  void on_client_end();
  void take_kept();
  std::size_t take_input(std::string_view view);
  std::size_t take_step(std::string_view view);
  std::size_t take_head(std::string_view view);
  std::size_t take_whole_head(std::string_view view, std::size_t size);
  std::size_t take_inspected(std::string_view view);
  std::size_t take_body(std::string_view view);
  bool holds_back(const RelayHead& head, const RelayedRequest& request);
  bool admit(const RelayHead& head, std::string_view body);
  void pass(std::string_view bytes);
  void refuse(HeadRefusal refusal);
  void refuse_body();
  void refuse_to_hold();
  void wait_for_head();

  // The server's side: http_relay_answering.cpp.
  void on_upstream(Readiness ready);
  void on_upstream_bytes(std::string_view bytes);
  std::size_t take_answer(std::string_view view);
  std::size_t take_answer_head(std::string_view view);
  void take_final_head(const RelayHead& head);
  void refuse_answer();
  void on_upstream_end(bool reset);
  void answer_is_whole();
  void complete();

  // Connecting to the server: http_relay_connect.cpp.
  void connect();
  void try_next();
  bool try_address(const RelayUpstream::Address& address);
  void check_connect();
  void connected();
  void unreachable(int status, const std::string& reason);

  // The end, and what is waited for: http_relay_connection.cpp.
  void answer_locally(int status, const HeaderList& headers, std::string_view body, KeepAlive keep);
  void answer_text(int status, std::string_view reason);
  void linger();
  void end_request();
  void die();
  void settle();
  void watch_client();
  void watch_upstream();
  void limit(Duration time, void (RelayConnection::*late)());
  void late_head();
  void late_connect();
  void settle_lingering();
  void late_lingering();
  void tell_held();
  std::size_t max_buffered() const {
    return host_.is_crowded() ? 1 : host_.options().max_buffered_bytes;
  }

  RelayHost& host_;
  std::uint64_t number_;
  std::uint64_t request_ = 0;  // that is under way and known to the gate; 0: none
  RelaySocket client_;
  RelaySocket upstream_;
  std::string input_;        // of the client's, not yet passed
  std::string answer_head_;  // the beginning of one
  HeadEnd head_end_;
  HeadEnd answer_end_;
  RelayBody request_body_;
  RelayBody answer_body_;
  std::size_t inspected_ =
      0;                  // bytes of `input_`: the head, and the body as far as it was followed
  std::size_t held_ = 0;  // as the relay was told
  std::size_t left_to_send_ = 0;  // while lingering
  std::unique_ptr<Handle> timer_;
  RelayUpstream::Addresses addresses_;  // shared, see there; while connecting
  std::size_t next_address_ = 0;
  int connect_error_ = 0;
  Asking asking_ = Asking::head;
  Answering answering_ = Answering::none;
  AskedFor asked_;
  std::string_view answer_fault_;  // a literal
  Room room_;
  bool connecting_ = false;
  bool close_after_ = false;  // either side has said that the connection ends with this exchange
  bool client_ended_ = false;
  bool upstream_ended_ = false;
  bool upstream_deaf_ = false;  // it takes nothing more, but may have answered
  bool dead_ = false;
};

}  // namespace mcp
