#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"
#include "mcp/base/time.hpp"
#include "mcp/io/http_server.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

struct HttpRelayOptions {
  std::string address = "127.0.0.1";  // to listen on: numeric, or "localhost"
  std::uint16_t port = 0;             // 0: a free one
  std::string upstream_host;          // numeric or a name; resolved anew when a connection fails
  std::uint16_t upstream_port = 0;
  std::size_t max_connections = 20'000;  // fewer where the limit of open files allows fewer
  std::size_t max_header_bytes = 64UL * 1024;
  /// What is held of a body while its gate is asked (see RelayGate::needs_body).
  std::size_t max_inspected_bytes = 256UL * 1024;
  /// Bytes in flight for one direction of one connection; reading pauses beyond it.
  std::size_t max_buffered_bytes = 64UL * 1024;
  /// Bytes held for all connections together. Beyond that, who wants more held is answered 503, and
  /// nothing more is read for who takes nothing.
  std::size_t max_held_bytes = 64UL * 1024 * 1024;
  Duration connect_timeout = std::chrono::seconds(5);
  /// For the first head of a connection, for the rest of one that has begun, and for a body that is
  /// held for its gate.
  Duration header_timeout = std::chrono::seconds(30);
};

/// The head of one request as it passes. Views live until the call returns.
struct RelayedRequest {
  std::uint64_t id = 0;  // counts the requests of the relay
  std::string_view method;
  std::string_view target;
  const std::vector<HeaderView>& headers;
  std::string_view body;  // all of it, where it was asked for and is not too long; else empty
};

/// What a gate does with a request: it passes unchanged, or is answered by the relay with
/// Content-Length. `Connection: close` among the headers ends the connection after the answer.
struct RelayVerdict {
  bool pass = true;
  int status = 503;
  HeaderList headers;
  std::string body;
};

/// Looks on, and may refuse. Called on the loop's thread. Of a request that it lets pass it hears
/// the end exactly once, unless the relay is destroyed before.
class RelayGate {
 public:
  virtual ~RelayGate() = default;
  /// Whether `admit` has to see the body: the request then waits until its body is whole.
  virtual bool needs_body(const RelayedRequest& head) = 0;
  virtual RelayVerdict admit(const RelayedRequest& request) = 0;
  /// The final answer's head (not 1xx). After 101 the connection is a tunnel: nothing in it is
  /// seen.
  virtual void on_answer(std::uint64_t id, int status, const std::vector<HeaderView>& headers) = 0;
  /// The answer is complete, or either side has gone.
  virtual void on_end(std::uint64_t id) = 0;
};

/// A reverse proxy for HTTP/1.1 that passes bytes as they come, both ways, unbuffered: each client
/// connection has one upstream connection of its own, opened at its first request. What it does not
/// refuse it does not change.
class HttpRelay {
 public:
  virtual ~HttpRelay() = default;
  virtual std::uint16_t port() const = 0;
  virtual std::size_t connections() const = 0;
  /// Ends the connection on which a request is under way, both ways.
  virtual void cut(std::uint64_t id) = 0;
};

/// Listens when it returns. An address that cannot be bound is kind connect.
Result<std::unique_ptr<HttpRelay>> make_http_relay(Loop& loop, HttpRelayOptions options,
                                                   RelayGate& gate);

}  // namespace mcp
