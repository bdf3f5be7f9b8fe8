#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/io/descriptor.hpp"
#include "mcp/io/http_relay.hpp"

namespace mcp {

/// One end of a TCP connection in a test. Whatever it waits for, the relay's loop turns meanwhile.
class RelayPeer {
 public:
  RelayPeer(Loop& loop, Descriptor socket);

  /// False when the other end takes nothing more.
  bool send(std::string_view bytes);
  /// Sends what is taken within a few turns; how much that was.
  std::size_t send_what_is_taken(std::string_view bytes);
  /// Everything up to and with `text`; what came by then where it never does.
  std::string receive_until(std::string_view text);
  std::string receive(std::size_t size);
  /// What came until the end, which `ending` then tells: "eof" or "reset".
  std::string receive_all();
  /// What has come after some turns; usually to see that it is nothing.
  std::string receive_now();
  void shut_down_sending();
  void reset();
  void close() { socket_.reset(); }

  std::string ending = "open";

 private:
  bool receive_some();
  bool wait(const std::function<bool()>& done);
  std::string take(std::size_t size);

  Loop& loop_;
  Descriptor socket_;
  std::string received_;
};

/// Passes or refuses as it is told, and notes what it sees.
class RecordingGate final : public RelayGate {
 public:
  bool needs_body(const RelayedRequest& head) override;
  RelayVerdict admit(const RelayedRequest& request) override;
  void on_answer(std::uint64_t id, int status, const std::vector<HeaderView>& headers) override;
  void on_end(std::uint64_t id) override;

  bool wants_bodies = false;
  std::function<RelayVerdict(const RelayedRequest&)> judge;
  std::uint64_t last_id = 0;
  std::vector<std::string> log;  // "POST /mcp {}", "200", "end"
};

/// A relay on loopback, and the server behind it, which is the test.
class RelayBench {
 public:
  explicit RelayBench(HttpRelayOptions options = {});

  RelayPeer client();
  /// The next connection that the relay makes.
  RelayPeer server();
  bool has_connection();
  void turn();
  void stop_listening() { listener_.reset(); }
  /// Turns until it holds; false after ten seconds.
  bool turn_until(const std::function<bool()>& holds);

  std::unique_ptr<Loop> loop = make_loop();
  RecordingGate gate;
  std::uint16_t upstream_port = 0;
  std::unique_ptr<HttpRelay> relay;

 private:
  Descriptor listener_;
};

}  // namespace mcp
