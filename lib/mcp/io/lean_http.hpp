#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/url.hpp"
#include "mcp/io/http.hpp"

namespace mcp {

/// A new connection of a lane.
struct LaneConnected {
  enum class Why {
    first,   // of the lane
    again,   // in the place of one that has ended: a reconnect
    beside,  // the others are in use
  };
  Why why = Why::first;
  HttpTimings timings;
  std::string local_address;
};

/// The end of a connection that its lane did not want.
struct LaneCut {
  enum class By {
    announced,  // the answer said that the connection ends: Connection: close, or HTTP/1.0
    fin,
    reset,
    error,    // another one of the socket, or of TLS: os_error
    garbage,  // bytes that nobody had asked for: the connection cannot be used any more
  };
  enum class During {
    idle,     // no exchange was open
    request,  // before any byte of an answer
    answer,   // in the middle of it
  };
  By by = By::fin;
  During during = During::idle;
  /// Since the last answer's end when idle, else since the request began to be sent.
  Duration after{};
  Duration age{};             // of the connection
  std::size_t exchanges = 0;  // that ended well on it
  /// N of the last answer's `Keep-Alive: timeout=N`.
  std::optional<std::chrono::seconds> keep_alive;
  int os_error = 0;
  std::string peer_address;
};

/// Hears of a lane's connections, so that no reconnect is silent. Called inside the loop or from
/// `start`; it must not call the engine, and outlives the lane.
class LaneObserver {
 public:
  virtual ~LaneObserver() = default;
  virtual void on_connected(const LaneConnected& connected) = 0;
  virtual void on_cut(const LaneCut& cut) = 0;
};

/// What becomes of a request on a kept connection that is cut before any byte of the answer: the
/// server may have acted on it, or never seen it (RFC 9110 section 9.2.2). Where not one byte of
/// it was taken by the socket, it is always sent again.
enum class WhenCut { report, resend_idempotent, resend };

struct LeanHttpOptions {
  /// Own addresses, used in turn, for more connections than one has ports.
  std::vector<std::string> sources;
  WhenCut when_cut = WhenCut::report;
  LaneObserver* observer = nullptr;  // of the engine's own lane
};

struct LeanTarget;

/// A request that is written once and sent often: the bytes may be changed between exchanges (an
/// id patched in), and must stay until the exchange has ended.
struct PreparedRequest {
  std::shared_ptr<const LeanTarget> target;  // shared: it is the same for all that go there
  std::string bytes;                         // head and body
  std::size_t body_size = 0;                 // the last bytes
  bool is_head = false;
  bool is_idempotent = false;
  std::size_t max_body_bytes = 64UL * 1024 * 1024;
  std::size_t max_header_bytes = 256UL * 1024;
};
/// Errors are of kind usage.
Result<PreparedRequest> prepare(const HttpRequest& request, const std::string& user_agent);

/// Its own connections: an exchange takes an idle one, and a new one is made only when there is
/// none. With one exchange at a time that is one connection; a held stream needs a second.
class Lane : public Http {
 public:
  virtual std::unique_ptr<HttpExchange> start_prepared(const PreparedRequest& request,
                                                       TimePoint deadline,
                                                       HttpObserver& observer) = 0;
  virtual std::size_t connections() const = 0;
};

/// The engine for HTTP/1.1 under load: connections made by libcurl, framed here. HTTP/2, redirects
/// and packed answers are the other engine's: they are errors of kind usage. As an `Http` it is one
/// lane. Lanes go before it.
class LeanHttp : public Lane {
 public:
  virtual std::unique_ptr<Lane> make_lane(LaneObserver* observer = nullptr) = 0;
};

/// Whether the engine keeps what the options say of requests to that URL. Where a proxy stands in
/// between it does not: without TLS it would ask for a tunnel, which few proxies allow.
bool suits_lean_http(const HttpOptions& options, const Url& url);

Result<std::unique_ptr<LeanHttp>> make_lean_http(Loop& loop, HttpOptions options,
                                                 LeanHttpOptions lean = {});

}  // namespace mcp
