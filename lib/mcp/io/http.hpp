#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
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

enum class HttpVersion { automatic, http1, http2 };

/// Where the time of an exchange went; zero for phases that a reused connection had no need of.
struct HttpTimings {
  Duration resolve{};
  Duration connect{};
  Duration tls{};
  Duration first_byte{};  // from the request being sent to the first byte of the answer
  Duration transfer{};    // from the first byte to the last
  Duration total{};
  bool new_connection = false;
  std::string peer_address;
  std::string http_version;  // "1.1", "2"
  int status = 0;            // of the final answer
  /// notAfter of the earliest expiring certificate of the chain that the server sent.
  std::optional<std::chrono::system_clock::time_point> earliest_certificate_expiry;
  std::string tls_subject;
};

/// How connections are made: the same for all requests of one `Http`.
struct HttpOptions {
  std::string proxy;      // URL; empty: the environment's (http_proxy, https_proxy, no_proxy)
  bool no_proxy = false;  // ignore the environment too
  std::vector<std::string> resolve;     // curl's HOST:PORT:ADDRESS
  std::vector<std::string> connect_to;  // curl's HOST1:PORT1:HOST2:PORT2
  std::string unix_socket;
  std::string ca_file;
  std::string client_certificate;
  std::string client_key;
  bool insecure = false;
  HttpVersion version = HttpVersion::automatic;
  std::string user_agent;
  /// Called inside the loop for each new connection, when it stands and nothing was sent on it:
  /// only its costs, address and certificate are known then. Must not call the client.
  std::function<void(const HttpTimings&)> on_connected;
};

/// Bodies of answers come unpacked. Compression is asked for only where `headers` has an
/// Accept-Encoding: a proxy that compresses an event stream may hold it back to its end.
struct HttpRequest {
  std::string method = "POST";
  std::string url;
  HeaderList headers;
  std::string body;
  /// Holds from resolving to the last byte; reaching it is an error of kind timeout that names the
  /// phase. TimePoint::max(): none (held streams).
  TimePoint deadline = TimePoint::max();
  std::size_t max_body_bytes = 64UL * 1024 * 1024;  // after decompression
  std::size_t max_header_bytes = 256UL * 1024;
  /// Redirects are off at 0. One to another origin is an error that names it: any header may hold
  /// a credential. Method and body stay the same, except after 303.
  int max_redirects = 0;
};

struct HttpResponseHead {
  int status = 0;
  HeaderList headers;
  /// First value of a field, by case-insensitive name.
  const std::string* find(std::string_view name) const;
};

class HttpObserver {
 public:
  virtual ~HttpObserver() = default;
  /// Once per exchange: the final answer's status and fields (1xx and followed redirects are not
  /// shown).
  virtual void on_head(const HttpResponseHead& head) = 0;
  virtual void on_data(std::string_view bytes) = 0;
  /// Last call of the exchange. Errors are of kind resolve, connect, tls, timeout, http or limit.
  virtual void on_finished(Result<HttpTimings> outcome) = 0;
};

/// A running exchange; destroying it cancels it without further calls. It may be destroyed from
/// inside a callback of its observer.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
};

/// An HTTP client. Connections are kept between exchanges and closed with the client. Exchanges
/// that are left then end without further calls.
class Http {
 public:
  virtual ~Http() = default;
  /// The observer must outlive the exchange; it is never called before `start` has returned.
  virtual std::unique_ptr<HttpExchange> start(HttpRequest request, HttpObserver& observer) = 0;
  /// Resolves, connects and finishes TLS, sends nothing: `probe --depth tcp|tls`.
  virtual std::unique_ptr<HttpExchange> start_connect(HttpRequest request,
                                                      HttpObserver& observer) = 0;
};

/// The engine on libcurl's multi_socket_action. Option errors (a missing CA file) are kind usage.
Result<std::unique_ptr<Http>> make_curl_http(Loop& loop, HttpOptions options);

}  // namespace mcp
