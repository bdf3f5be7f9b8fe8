#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"
#include "mcp/client/options.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/session/peer.hpp"
#include "mcp/transport/endpoint.hpp"

namespace mcp {

enum class ListKind { tools, prompts, resources, resource_templates };

/// A tool that was left out of the list because its x-mcp-header annotations are invalid.
struct RejectedTool {
  std::string name;
  std::string reason;
  Json definition;           // as sent
  std::size_t position = 0;  // among all tools that the server listed
};

struct Listing {
  std::vector<Json> items;
  std::vector<RejectedTool> rejected;
  std::size_t pages = 0;
  /// Of the first page (2026-07-28 caching); empty where the server sends none.
  std::optional<std::int64_t> ttl_ms;
  std::string cache_scope;
};

struct ListenFilter {
  bool tools = true;
  bool prompts = true;
  bool resources = true;
  std::vector<std::string> resource_uris;
};

/// What happens beside the replies; unset functions are skipped.
struct ClientEvents {
  std::function<void(const Notification&)> on_notification;
  std::function<void(const Request&, const std::string& answered)> on_server_request;
  std::function<void(const std::string&)> on_warning;
  /// After each exchange; what a new connection cost is told by `on_connected` already, also
  /// where no answer follows.
  std::function<void(const HttpTimings&)> on_timings;
  std::function<void(const HttpTimings&)> on_connected;
  /// stdio: the child runs. http-sse: the stream has told its endpoint.
  std::function<void()> on_transport_open;
};

/// A connection that is driven from top to bottom: each call turns the loop until its reply is
/// there or the deadline has come. `interrupt` may be called from a callback of the loop (signal):
/// the call that waits, and every later one but `close`, then ends with kind interrupted.
class BlockingClient {
 public:
  BlockingClient(Loop& loop, Endpoint endpoint, ClientOptions options, ClientEvents events = {});
  ~BlockingClient();
  BlockingClient(const BlockingClient&) = delete;
  BlockingClient& operator=(const BlockingClient&) = delete;

  /// HTTP: resolve and connect (and TLS) only, nothing is sent. stdio: starts the child.
  Result<HttpTimings> connect_only(TimePoint deadline);
  Result<Peer> open(TimePoint deadline);
  Result<Json> call(std::string method, Json params, TimePoint deadline,
                    std::function<void(const Notification&)> on_progress = {});
  /// All pages. A cursor that comes again, and more than `max_pages`, are protocol and limit
  /// errors (2025-11-25 pagination). Invalid tools of modern HTTP servers go to `rejected`.
  Result<Listing> list(ListKind kind, TimePoint deadline);
  /// tools/call. Over modern HTTP the tool's definition is needed for Mcp-Param-*: the one from
  /// the last `list`, else it is listed first; a -32020 answer is retried once after a new list.
  Result<Json> call_tool(const std::string& name, Json arguments, TimePoint deadline,
                         std::function<void(const Notification&)> on_progress = {});
  /// legacy: ping; modern: server/discover (the era has no ping).
  Result<void> ping(TimePoint deadline);
  /// Waits for notifications until `deadline`, an interrupt (both are ok) or the stream's end.
  /// legacy: GET stream, resources/subscribe; modern: subscriptions/listen.
  Result<void> listen(const ListenFilter& filter, TimePoint deadline);
  /// Zero residue; does nothing when nothing was opened.
  Result<void> close(TimePoint deadline);
  void interrupt();

  TransportKind transport() const;
  std::string session_id() const;
  const Peer* peer() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace mcp
