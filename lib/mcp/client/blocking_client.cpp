#include "mcp/client/blocking_client.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/client/blocking_state.hpp"

namespace mcp {

BlockingClient::BlockingClient(Loop& loop, Endpoint endpoint, ClientOptions options,
                               ClientEvents events)
    : state_(std::make_unique<State>(loop, std::move(endpoint), std::move(options),
                                     std::move(events))) {}

BlockingClient::~BlockingClient() = default;

Result<HttpTimings> BlockingClient::connect_only(TimePoint deadline) {
  return state_->connect_only(deadline);
}

Result<Peer> BlockingClient::open(TimePoint deadline) {
  return state_->open(deadline);
}

Result<Json> BlockingClient::call(std::string method, Json params, TimePoint deadline,
                                  std::function<void(const Notification&)> on_progress) {
  return state_->call(std::move(method), std::move(params), deadline, std::move(on_progress), {});
}

Result<Listing> BlockingClient::list(ListKind kind, TimePoint deadline) {
  return state_->list(kind, deadline);
}

Result<Json> BlockingClient::call_tool(const std::string& name, Json arguments, TimePoint deadline,
                                       std::function<void(const Notification&)> on_progress) {
  return state_->call_tool(name, std::move(arguments), deadline, std::move(on_progress));
}

Result<void> BlockingClient::ping(TimePoint deadline) {
  const char* method = state_->is_modern() ? "server/discover" : "ping";
  auto reply = state_->call(method, nlohmann::json::object(), deadline, {}, {});
  if (!reply) return std::unexpected(reply.error());
  return {};
}

Result<void> BlockingClient::listen(const ListenFilter& filter, TimePoint deadline) {
  return state_->listen(filter, deadline);
}

Result<void> BlockingClient::close(TimePoint deadline) {
  return state_->close(deadline);
}

void BlockingClient::interrupt() {
  state_->interrupted = true;
}

TransportKind BlockingClient::transport() const {
  if (state_->connection) return state_->connection->transport();
  return state_->endpoint.url ? TransportKind::streamable_http : TransportKind::stdio;
}

std::string BlockingClient::session_id() const {
  return state_->connection ? state_->connection->session_id() : std::string();
}

const Peer* BlockingClient::peer() const {
  return state_->peer ? &*state_->peer : nullptr;
}

}  // namespace mcp
