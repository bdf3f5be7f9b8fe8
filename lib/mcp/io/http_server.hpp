#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"
#include "mcp/base/time.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

/// What becomes of a connection beyond `max_connections`. wait: it stays in the kernel's queue.
/// replace: those that have waited longest for a request, or inside one, are closed for it.
enum class WhenFull { wait, replace };

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // numeric, or "localhost"
  std::uint16_t port = 0;             // 0: a free one
  std::string certificate_file;       // PEM chain; empty: no TLS
  std::string key_file;

  std::size_t max_connections = 50'000;
  WhenFull when_full = WhenFull::wait;
  std::size_t max_header_bytes = 64UL * 1024;
  std::size_t max_body_bytes = 4UL * 1024 * 1024;
  /// Bytes that a peer may leave unread before its connection is aborted. Writers of long streams
  /// look at `unsent` and wait for `on_drained`.
  std::size_t max_unsent_bytes = 64UL * 1024 * 1024;
  /// Buffers of all connections together. Whoever sends the next piece of a request when it is
  /// exceeded is refused with 503, and whoever does not read an answer is aborted. A request that
  /// comes in one piece, and whose answer the socket takes at once, needs none.
  std::size_t max_held_bytes = std::numeric_limits<std::size_t>::max();
  /// Of a connection, from one request to the next; what is larger is given back.
  std::size_t kept_buffer_bytes = 64UL * 1024;

  /// Each is enforced within an eighth of it.
  Duration header_timeout = std::chrono::seconds(10);  // to the end of the header, TLS included
  Duration body_timeout = std::chrono::seconds(30);    // without a further byte of the body
  Duration idle_timeout = std::chrono::seconds(75);    // between requests
  Duration write_timeout = std::chrono::seconds(30);   // bytes unsent and none of them taken
};

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

/// One request, whole. What it refers to lives until `on_request` returns.
struct HttpServerRequest {
  std::string_view method;
  std::string_view path;   // the target up to '?', as sent
  std::string_view query;  // behind '?'
  std::vector<HeaderView> headers;
  std::string_view body;
  std::uint64_t connection = 0;  // counts the accepted connections

  /// First value of a field, by case-insensitive name.
  std::optional<std::string_view> find(std::string_view name) const;
};

/// orderly: FIN once everything is sent. reset: RST at once, whatever is unsent is lost.
enum class Ending { orderly, reset };

/// The answer to one request. Exactly one of `respond`, `start` and `take_over` comes first.
/// Destroying it before the answer is complete ends the connection, orderly. It may be used and
/// destroyed at any time on the loop's thread; once the peer has gone, calls do nothing.
class HttpResponder {
 public:
  virtual ~HttpResponder() = default;

  /// A whole answer with Content-Length; the connection is then ready for the next request.
  virtual void respond(int status, const HeaderList& headers, std::string_view body) = 0;

  /// An answer of unknown length: chunks, or to the connection's end for HTTP/1.0.
  virtual void start(int status, const HeaderList& headers) = 0;
  virtual void write(std::string_view bytes) = 0;
  virtual void finish() = 0;

  /// From here on `write` sends bytes as they stand, and only `close` ends the connection.
  virtual void take_over() = 0;
  virtual void close(Ending ending) = 0;

  /// After this answer the connection is closed, orderly, once nothing was sent or received for
  /// `quiet`.
  virtual void close_when_idle(Duration quiet) = 0;

  virtual std::size_t unsent() const = 0;
  /// Called once, when everything written so far is sent.
  virtual void on_drained(Task task) = 0;
  /// Called once, if the peer goes away, or its connection is ended, before the answer is complete.
  virtual void on_closed(Task task) = 0;
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual void on_request(const HttpServerRequest& request,
                          std::unique_ptr<HttpResponder> responder) = 0;
  /// The server itself refused a request (400, 408, 413, 431, 501).
  virtual void on_refused(int status) { static_cast<void>(status); }
};

/// An HTTP/1.1 server on one loop. Requests are read whole within the limits and handed over one at
/// a time for each connection; pipelined ones wait. Destroying it closes everything.
class HttpServer {
 public:
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  virtual std::size_t connections() const = 0;
  /// Accepts nothing more, closes idle connections, and each of the others after its answer.
  virtual void drain() = 0;
};

/// Listens when it returns. An address that cannot be bound is kind connect, a certificate that
/// cannot be read kind usage.
Result<std::unique_ptr<HttpServer>> make_http_server(Loop& loop, HttpServerOptions options,
                                                     HttpHandler& handler);

}  // namespace mcp
