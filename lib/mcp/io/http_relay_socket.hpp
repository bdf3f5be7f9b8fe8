#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mcp/io/descriptor.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

/// One side of a relayed connection: a non-blocking socket and the bytes that it has not taken yet.
/// An idle one holds no buffer.
class RelaySocket {
 public:
  enum class Step { done, again, ended, failed };
  struct Received {
    Step step = Step::again;
    std::size_t bytes = 0;
  };

  RelaySocket() = default;
  RelaySocket(const RelaySocket&) = delete;
  RelaySocket& operator=(const RelaySocket&) = delete;
  ~RelaySocket() { close(); }

  /// `connected` false: what is sent waits until `set_connected`.
  void open(Descriptor descriptor, bool connected);
  void set_connected() { connected_ = true; }
  bool is_open() const { return static_cast<bool>(descriptor_); }
  bool is_connected() const { return connected_; }
  int descriptor() const { return descriptor_.get(); }

  Received receive(std::span<char> space);
  /// Whether the peer of an open connection has closed it, and nothing is left to be read.
  bool has_ended() const;
  /// Sends what the socket takes, and keeps the rest. False when the peer takes nothing any more.
  bool send(std::string_view bytes);
  bool flush();
  std::size_t unsent() const { return pending_.size() - sent_; }
  /// FIN, once everything is sent. False when the peer has gone.
  bool end_sending();

  /// Watches for exactly this, and does nothing where that is so already.
  void watch(Loop& loop, bool read, bool write, std::move_only_function<void(Readiness)> callback);
  void close();
  /// Closes with RST: what is unsent is lost.
  void reset();

 private:
  bool push(std::string_view bytes, std::size_t& taken);
  bool after_flush();

  Descriptor descriptor_;
  std::unique_ptr<Handle> watch_;
  std::string pending_;
  std::size_t sent_ = 0;
  int watched_ = 0;
  bool connected_ = false;
  bool ending_ = false;
  bool fin_sent_ = false;
};

/// What each socket of a relay is set to: no waiting for more to send, and a peer that vanished is
/// noticed.
void set_relay_options(int descriptor);

}  // namespace mcp
