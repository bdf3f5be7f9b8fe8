#include "mcp/session/session.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/session/handshake.hpp"
#include "mcp/session/request_meta.hpp"
#include "mcp/session/session_state.hpp"

namespace mcp {
namespace {

Error make_error(ErrorKind kind, std::string message) {
  return fail(kind, std::move(message)).error();
}

bool is_handshake(const std::string& method) {
  return method == "initialize" || method == "server/discover";
}

void warn_of_missing(const HandshakeResult& result, const std::string& method,
                     SessionObserver& observer) {
  for (const auto& member : result.missing) {
    observer.on_warning(fmt::format("{}: the answer has no {}", method, member));
  }
}

}  // namespace

RequestId Session::State::start(Call call) {
  const auto id = call.options.id ? *call.options.id : calls.next_id();
  call.handle = id;
  messages_in_row = 0;
  send_request(id, std::move(call));
  return id;
}

void Session::State::send_request(std::int64_t id, Call call) {
  MetaContext context{.revision = call.revision, .progress_token = std::nullopt};
  // progress: tokens "MUST be unique across all active requests", which a call's handle is.
  if (call.options.on_progress) context.progress_token = call.handle;
  auto params = with_meta(call.params, config, context);
  Outgoing outgoing;
  outgoing.headers = mirror_headers(call.method, params, call.revision);
  outgoing.headers.insert(outgoing.headers.end(), call.options.headers.begin(),
                          call.options.headers.end());
  outgoing.message = Request{.id = id, .method = call.method, .params = std::move(params)};
  outgoing.deadline = call.options.deadline;
  calls.insert(id, std::move(call));
  sink.send(std::move(outgoing));
}

void Session::State::send_notification(std::string method, Json params, TimePoint deadline) {
  Outgoing outgoing;
  outgoing.headers = mirror_headers(method, params, revision);
  outgoing.message = Notification{.method = std::move(method), .params = std::move(params)};
  outgoing.deadline = deadline;
  sink.send(std::move(outgoing));
}

void Session::State::signal_cancellation(std::int64_t id, const Call& call,
                                         const std::string& reason) {
  // 2025-11-25 cancellation: "The initialize request MUST NOT be cancelled by clients". And a
  // server that keeps silent at server/discover is taken for a legacy one, to which nothing may be
  // sent before initialize.
  const bool by_notification = !call.is_modern() || config.cancel_by_notification;
  if (by_notification && !is_handshake(call.method)) {
    Json params = nlohmann::json{{"requestId", id}, {"reason", reason}};
    send_notification("notifications/cancelled", std::move(params), TimePoint::max());
  }
  sink.abandon(id);
}

void Session::State::give_up_all(const Error& error, const std::string& reason) {
  for (const auto id : calls.ids()) {
    const auto* call = calls.find(id);
    if (call == nullptr) continue;
    signal_cancellation(id, *call, reason);
    fail_call(id, error);
  }
}

Session::Session(SessionConfig config, SessionSink& sink, SessionObserver& observer)
    : state_(new State{.config = std::move(config), .sink = sink, .observer = observer}) {}

Session::~Session() = default;

RequestId Session::initialize(Revision offer, TimePoint deadline,
                              std::move_only_function<void(Result<Peer>)> done) {
  auto& state = *state_;
  state.era = Era::legacy;
  state.revision.reset();
  state.declared = declared_capabilities(state.config.capabilities, offer);
  Call call;
  call.method = "initialize";
  call.params = initialize_params(state.config, offer);
  call.options.deadline = deadline;
  call.on_reply = [&state, offer, deadline, done = std::move(done)](Result<Json> reply) mutable {
    if (!reply) return done(std::unexpected(std::move(reply.error())));
    auto result = read_initialize_result(*reply, offer);
    if (!result) return done(std::unexpected(std::move(result.error())));
    warn_of_missing(*result, "initialize", state.observer);
    state.era = Era::legacy;
    state.revision = result->peer.revision;
    // 2025-11-25 lifecycle: "the client MUST send an initialized notification".
    state.send_notification("notifications/initialized", {}, deadline);
    done(std::move(result->peer));
  };
  return state.start(std::move(call));
}

RequestId Session::discover(Revision offer, TimePoint deadline,
                            std::move_only_function<void(Result<Peer>)> done) {
  auto& state = *state_;
  state.era = Era::modern;
  state.revision.reset();
  Call call;
  call.method = "server/discover";
  call.revision = offer;
  call.options.deadline = deadline;
  call.on_reply = [&state, done = std::move(done)](Result<Json> reply) mutable {
    if (!reply) return done(std::unexpected(std::move(reply.error())));
    auto result = read_discover_result(*reply);
    if (!result) return done(std::unexpected(std::move(result.error())));
    warn_of_missing(*result, "server/discover", state.observer);
    state.era = Era::modern;  // initialize may have been started beside it
    state.revision = result->peer.revision;
    done(std::move(result->peer));
  };
  return state.start(std::move(call));
}

RequestId Session::call(std::string method, Json params, CallOptions options, OnReply on_reply) {
  Call call;
  call.method = std::move(method);
  call.params = std::move(params);
  call.options = std::move(options);
  call.on_reply = std::move(on_reply);
  call.revision = state_->revision;
  return state_->start(std::move(call));
}

std::int64_t Session::reserve_id() {
  return state_->calls.next_id();
}

void Session::notify(std::string method, Json params) {
  state_->send_notification(std::move(method), std::move(params), TimePoint::max());
}

void Session::cancel(const RequestId& id, const std::string& reason) {
  const auto wire_id = state_->calls.id_of(id);
  if (!wire_id) return;
  const auto call = state_->calls.take_given_up(*wire_id);
  state_->signal_cancellation(*wire_id, call, reason);
}

void Session::receive(Message message, TimePoint now) {
  auto& state = *state_;
  if (auto* result = std::get_if<ResultResponse>(&message)) {
    state.receive_result(result->id, std::move(result->result));
  } else if (const auto* error = std::get_if<ErrorResponse>(&message)) {
    state.receive_error(*error);
  } else if (const auto* request = std::get_if<Request>(&message)) {
    state.receive_request(*request);
    state.count_message();
  } else if (const auto* notification = std::get_if<Notification>(&message)) {
    state.receive_notification(*notification, now);
    state.count_message();
  }
}

void Session::fail_request(const RequestId& id, Error error) {
  if (state_->calls.find(id) == nullptr) return;
  state_->fail_call(std::get<std::int64_t>(id), std::move(error));
}

void Session::fail_all(const Error& error) {
  for (const auto id : state_->calls.ids()) fail_request(id, error);
}

void Session::expire(TimePoint now) {
  auto& state = *state_;
  for (const auto id : state.calls.due(now)) {
    const auto* call = state.calls.find(id);
    if (call == nullptr) continue;
    const auto method = printable(call->method);
    if (call->ended_by_server) {
      state.fail_call(
          id, make_error(ErrorKind::session_lost, method + ": the server ended the subscription"));
      continue;
    }
    state.signal_cancellation(id, *call, "timeout");
    state.fail_call(id, make_error(ErrorKind::timeout, method + ": no answer before the deadline"));
  }
}

std::optional<TimePoint> Session::next_deadline() const {
  return state_->calls.next_deadline();
}

std::optional<Revision> Session::revision() const {
  return state_->revision;
}

void Session::reset() {
  state_->revision.reset();
  const auto error = make_error(ErrorKind::session_lost, "the session was given up for a new one");
  for (const auto id : state_->calls.ids()) {
    if (state_->calls.find(id) == nullptr) continue;
    state_->sink.abandon(id);
    state_->fail_call(id, error);
  }
}

std::size_t Session::pending() const {
  return state_->calls.size();
}

}  // namespace mcp
