#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "mcp/client/blocking_client.hpp"
#include "mcp/client/connection.hpp"

namespace mcp {

/// The inside of a BlockingClient: owns the engines and the connection, and turns the loop.
class BlockingClient::State final : public ConnectionObserver {
 public:
  State(Loop& loop, Endpoint endpoint, ClientOptions options, ClientEvents events);
  ~State() override;

  Result<HttpTimings> connect_only(TimePoint deadline);
  Result<Peer> open(TimePoint deadline);
  Result<Json> call(std::string method, Json params, TimePoint deadline,
                    std::function<void(const Notification&)> on_progress, HeaderList headers);
  Result<Listing> list(ListKind kind, TimePoint deadline);
  Result<Json> call_tool(const std::string& name, Json arguments, TimePoint deadline,
                         std::function<void(const Notification&)> on_progress);
  Result<void> listen(const ListenFilter& filter, TimePoint deadline);
  Result<void> close(TimePoint deadline);

  bool is_modern() const { return peer && peer->era() == Era::modern; }
  /// Turns the loop until `done` says so; the error when the deadline or an interrupt came first.
  Result<void> turn_until(const std::function<bool()>& done, TimePoint deadline,
                          std::string_view what);

  Loop& loop;
  Endpoint endpoint;
  ClientOptions options;
  ClientEvents events;
  bool interrupted = false;
  std::optional<Peer> peer;
  std::unique_ptr<Connection> connection;

 private:
  Result<void> make_engines();
  Result<HeaderList> headers_for_tool(const std::string& name, const Json& arguments,
                                      TimePoint deadline);
  Result<void> open_stream_for_server_requests(TimePoint deadline);
  Result<void> listen_legacy(const ListenFilter& filter, TimePoint deadline);
  Result<void> listen_modern(const ListenFilter& filter, TimePoint deadline);

  // ConnectionObserver
  void on_notification(const Notification& notification) override;
  void on_server_request(const Request& request, const std::string& answered) override;
  void on_warning(const std::string& warning) override;
  void on_timings(const HttpTimings& timings) override;
  void on_transport_open() override;
  void on_stream_opened() override;
  void on_stream_ended(const Error& why) override;
  void on_closed(const Error& why) override;

  std::unique_ptr<Http> http_;
  std::unique_ptr<ChildSpawner> children_;
  bool stream_asked_for_ = false;
  bool stream_open_ = false;
  std::optional<Error> stream_end_;
  std::optional<Error> closed_;
  /// inputSchema of each listed tool, for Mcp-Param-*; none until the first list.
  std::optional<std::map<std::string, Json>> schemas_;
  std::map<std::string, std::string> rejected_;
};

}  // namespace mcp
