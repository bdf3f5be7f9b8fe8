#include "mcp/client/connection.hpp"

#include <utility>

#include "mcp/client/connection_state.hpp"

namespace mcp {

Connection::Connection(TransportContext context, Endpoint endpoint, ClientOptions options,
                       ConnectionObserver& observer)
    : state_(std::make_unique<State>(context, std::move(endpoint), std::move(options), observer)) {}

Connection::~Connection() = default;

void Connection::open(TimePoint deadline, std::move_only_function<void(Result<Peer>)> done) {
  state_->open(deadline, std::move(done));
}

RequestId Connection::call(std::string method, Json params, CallOptions options, OnReply on_reply) {
  return state_->call(std::move(method), std::move(params), std::move(options),
                      std::move(on_reply));
}

std::int64_t Connection::reserve_id() {
  return state_->reserve_id();
}

void Connection::cancel(const RequestId& id, const std::string& reason) {
  state_->cancel(id, reason);
}

void Connection::notify(std::string method, Json params) {
  state_->notify(std::move(method), std::move(params));
}

void Connection::open_stream() {
  state_->open_stream();
}

void Connection::close(TimePoint deadline, std::move_only_function<void(Result<void>)> done) {
  state_->close(deadline, std::move(done));
}

TransportKind Connection::transport() const {
  return state_->transport();
}

std::string Connection::session_id() const {
  return state_->session_id();
}

}  // namespace mcp
