#include "scenarios/connection_link.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/session/tool_headers.hpp"
#include "scenarios/failure_of.hpp"

namespace scenarios {
namespace {

/// The handshake tells at its deadline in which phase it was; without a word it is over then.
constexpr std::chrono::milliseconds open_slack{50};

mcp::Error no_answer(std::string what) {
  return {.kind = mcp::ErrorKind::timeout, .message = std::move(what)};
}

nlohmann::json bare_params_of(const Ask& ask) {
  switch (ask.operation) {
    case Operation::call:
      return {{"name", ask.target}, {"arguments", to_json(ask.arguments)}};
    case Operation::prompt:
      return {{"name", ask.target}, {"arguments", to_json(ask.arguments)}};
    case Operation::read:
      return {{"uri", ask.target}};
    default:
      return nullptr;
  }
}

/// A request's own traceparent comes before that of the session (SEP-414).
nlohmann::json params_of(const Ask& ask) {
  auto params = bare_params_of(ask);
  if (!ask.traceparent.empty()) params["_meta"]["traceparent"] = ask.traceparent;
  return params;
}

}  // namespace

ConnectionPort::Link::Link(ConnectionPort& port, const mcp::ClientOptions& client)
    : port_(port),
      http_(port.http_),
      lane_(port.lane_),
      connection_({port.loop_, http_.get(), port.children_.get()}, port.options_.endpoint, client,
                  *this) {}

/// Every outcome goes through here: it is the last thing that the link does.
void ConnectionPort::Link::answer(const Outcome& outcome, OnOutcome& done) {
  --pending_;
  --port_.exchanges_;
  if (retired_) port_.sweep_soon();
  auto told = std::exchange(done, {});
  told(outcome);
}

void ConnectionPort::Link::open(mcp::TimePoint deadline, OnOutcome done) {
  opened_ = std::move(done);
  open_started_ = now();
  ++pending_;
  ++port_.exchanges_;
  const auto take = [this](mcp::Result<mcp::Peer> peer) {
    if (!opened_) return;
    open_guard_.reset();
    if (!peer) return answer(outcome_of(peer.error(), open_started_, now()), opened_);
    era_ = peer->era();
    is_prepared_for_ =
        lane_ != nullptr && connection_.transport() == mcp::TransportKind::streamable_http;
    port_.options_.learnt = mcp::EraMemory{.transport = connection_.transport(), .era = era_};
    answer({.started = open_started_, .ended = now()}, opened_);
  };
  open_guard_ = port_.loop_.start_timer(deadline + open_slack, [take] {
    take(std::unexpected(no_answer("the handshake had no answer before its deadline")));
  });
  connection_.open(deadline, take);
}

std::string ConnectionPort::Link::method(const Ask& ask) const {
  // The modern era has no ping; this is the request that costs as little.
  if (ask.operation == Operation::ping && is_modern()) return "server/discover";
  return method_of(ask.operation, ask.target);
}

mcp::HeaderList ConnectionPort::Link::headers_of(const Ask& ask, const mcp::Json& arguments) const {
  if (ask.operation != Operation::call || !is_modern()) return {};
  if (connection_.transport() != mcp::TransportKind::streamable_http) return {};
  const auto schema = port_.options_.tool_schemas.find(ask.target);
  if (schema == port_.options_.tool_schemas.end()) return {};
  return mcp::tool_headers(schema->second, arguments);
}

void ConnectionPort::Link::ask(Ask ask, OnOutcome done) {
  ++pending_;
  port_.most_exchanges_ = std::max(port_.most_exchanges_, ++port_.exchanges_);
  if (ask.operation == Operation::listen) return listen(ask.deadline, std::move(done));
  if (may_prepare(ask)) {
    if (send_prepared(ask, done)) return;
    return ask_and_learn(std::move(ask), std::move(done));
  }
  ask_library(std::move(ask), std::move(done), now(), std::nullopt);
}

std::int64_t ConnectionPort::Link::ask_library(Ask ask, OnOutcome done, mcp::TimePoint started,
                                               std::optional<std::int64_t> id) {
  auto params = params_of(ask);
  mcp::HeaderList headers;
  if (ask.operation == Operation::call) headers = headers_of(ask, params["arguments"]);
  auto name = method(ask);
  mcp::CallOptions options{
      .deadline = ask.deadline, .on_progress = {}, .headers = std::move(headers), .id = id};
  const auto used = connection_.call(
      std::move(name), std::move(params), std::move(options),
      [this, started, ask = std::move(ask), done = std::move(done)](
          mcp::Result<mcp::Json> reply) mutable { answer(judge(reply, ask, started), done); });
  return std::get<std::int64_t>(used);
}

Outcome ConnectionPort::Link::judge(const mcp::Result<mcp::Json>& reply, const Ask& ask,
                                    mcp::TimePoint started) const {
  if (!reply) return outcome_of(reply.error(), started, now());
  const auto& result = **reply;
  const auto flag = result.is_object() ? result.find("isError") : result.end();
  const bool is_error = result.is_object() && flag != result.end() && *flag == true;
  Outcome outcome{.started = started, .ended = now(), .failure = failure_of_result(ask, is_error)};
  if (!outcome.failure && ask.wants_result) outcome.result = &*reply;
  return outcome;
}

void ConnectionPort::Link::listen(mcp::TimePoint deadline, OnOutcome done) {
  listening_ = std::move(done);
  listen_started_ = now();
  listen_guard_ = port_.loop_.start_timer(deadline, [this] {
    stream_over(no_answer("the stream was not opened before its deadline"));
  });
  if (is_modern()) {
    listen_modern();
  } else if (connection_.transport() == mcp::TransportKind::streamable_http) {
    connection_.open_stream();
  } else {
    // The other transports have their one stream already.
    listen_guard_ = port_.loop_.start_timer(now(), [this] { stream_opened(); });
  }
}

void ConnectionPort::Link::listen_modern() {
  const nlohmann::json wanted = {{"notifications", {{"toolsListChanged", true}}}};
  connection_.call("subscriptions/listen", wanted, {}, [this](const mcp::Result<mcp::Json>& reply) {
    stream_over(
        reply ? mcp::Error{.kind = mcp::ErrorKind::http, .message = "the server ended the stream"}
              : reply.error());
  });
}

void ConnectionPort::Link::stream_opened() {
  listen_guard_.reset();
  stream_open_ = true;
  keep_alive_seen_ = false;
  last_on_stream_ = now();
  if (listening_) answer({.started = listen_started_, .ended = now()}, listening_);
}

void ConnectionPort::Link::stream_over(const mcp::Error& why) {
  listen_guard_.reset();
  if (listening_) return answer(outcome_of(why, listen_started_, now()), listening_);
  if (!std::exchange(stream_open_, false) || closing_ || retired_) return;
  port_.observer_.on_cut({.at = now(),
                          .subject = Subject::stream,
                          .by = cut_by(why),
                          .http_status = why.http_status.value_or(0) >= 300 ? *why.http_status : 0,
                          .idle = now() - last_on_stream_,
                          .keep_alive_seen = keep_alive_seen_});
}

void ConnectionPort::Link::close(mcp::TimePoint deadline, OnOutcome done) {
  closing_ = true;
  ++pending_;
  ++port_.exchanges_;
  const auto started = now();
  connection_.close(deadline,
                    [this, started, done = std::move(done)](mcp::Result<void> closed) mutable {
                      if (!closed) return answer(outcome_of(closed.error(), started, now()), done);
                      answer({.started = started, .ended = now()}, done);
                    });
}

void ConnectionPort::Link::on_notification(const mcp::Notification& notification) {
  last_on_stream_ = now();
  const bool acknowledged = notification.method == "notifications/subscriptions/acknowledged";
  if (acknowledged && is_modern() && listening_) stream_opened();
}

void ConnectionPort::Link::on_server_request(const mcp::Request& /*request*/,
                                             const std::string& /*answered*/) {
  port_.observer_.on_server_request(now());
}

/// Not a sign of life for `idle`: that counts from the last message.
void ConnectionPort::Link::on_keep_alive() {
  if (!stream_open_ || retired_) return;
  keep_alive_seen_ = true;
  port_.observer_.on_keep_alive(now());
}

void ConnectionPort::Link::on_stray_answer(mcp::StrayAnswer stray) {
  const auto kind = stray == mcp::StrayAnswer::late        ? Failure::late_answer
                    : stray == mcp::StrayAnswer::duplicate ? Failure::duplicate
                                                           : Failure::wrong_id;
  port_.observer_.on_stray(now(), kind, std::nullopt);
}

/// initialize was answered, and the next message found a server that knows nothing of it.
void ConnectionPort::Link::on_session_lost(const mcp::Error& why) {
  if (closing_ || retired_ || opened_) return;
  port_.observer_.on_cut({.at = now(),
                          .subject = Subject::session,
                          .by = CutBy::not_found,
                          .http_status = why.http_status.value_or(0)});
}

/// A child that exited, or the one stream of HTTP+SSE: with it the session is gone.
void ConnectionPort::Link::on_closed(const mcp::Error& why) {
  if (closing_ || retired_ || opened_) return;
  port_.observer_.on_cut({.at = now(), .subject = Subject::session, .by = cut_by(why)});
}

}  // namespace scenarios
