#include "mcp/transport/post_exchange.hpp"

#include <fmt/format.h>

#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/transport/media_type.hpp"
#include "mcp/transport/message_facts.hpp"

namespace mcp {
namespace {

/// How long a stream may stay open after its response. Its end usually comes with the next bytes,
/// and a connection whose answer was read to the end can be used again.
constexpr auto linger = std::chrono::milliseconds(200);

/// Worth another connection; a reached deadline or a broken bound is not.
bool is_broken_connection(const Error& error) {
  return error.kind == ErrorKind::http || error.kind == ErrorKind::connect ||
         error.kind == ErrorKind::resolve || error.kind == ErrorKind::tls;
}

}  // namespace

PostExchange::PostExchange(Loop& loop, Http& http, HttpSession& session, ExchangeObserver& observer,
                           Outgoing outgoing)
    : loop_(loop),
      http_(http),
      session_(session),
      observer_(observer),
      outgoing_(std::move(outgoing)),
      id_(request_id_of(outgoing_.message)),
      era_(session.era_of_message(outgoing_)),
      question_(session.question(outgoing_)),
      opens_session_(id_ && era_ == Era::legacy && name_of(outgoing_.message) == "initialize"),
      reader_(session.endpoint().limits),
      resumption_(session.endpoint().limits.max_resumptions) {}

void PostExchange::start() {
  auto request = session_.post(outgoing_);
  // It is written now. A subscription may be open for hours, and thousands of them.
  if (auto* sent = std::get_if<Request>(&outgoing_.message)) sent->params = {};
  outgoing_.headers = {};
  start(std::move(request));
}

void PostExchange::start(Result<HttpRequest> request) {
  if (request) {
    exchange_ = http_.start(*std::move(request), *this);
    return;
  }
  // Told in the next turn: the transport is being called right now.
  timer_ = loop_.start_timer(loop_.now(), [this, error = std::move(request.error())]() mutable {
    fail(std::move(error));
  });
}

void PostExchange::cancel() {
  finish();
}

void PostExchange::on_head(const HttpResponseHead& head) {
  answer_ = {.head = head, .body = {}};
  const bool is_success = head.status >= 200 && head.status < 300;
  if (!is_success) {
    stage_ = Stage::refused;
  } else if (id_) {
    begin_reading(head);
  } else {
    begin_accepting(head);
  }
}

void PostExchange::begin_accepting(const HttpResponseHead& head) {
  stage_ = Stage::accepted;
  if (media_type(head) == "text/event-stream") return finish();
  timer_ = loop_.start_timer(loop_.now() + linger, [this] { accepted_ended(); });
}

void PostExchange::begin_reading(const HttpResponseHead& head) {
  if (opens_session_ && stage_ == Stage::asking) {
    if (auto taken = observer_.on_session_head(head); !taken) return fail(taken.error());
  }
  const auto type = media_type(head);
  if (type == "text/event-stream") {
    stage_ = Stage::reading_events;
  } else if (type == "application/json" && stage_ == Stage::asking) {
    stage_ = Stage::reading_text;
    // What is announced as too long need not be fetched.
    if (content_length(head) > session_.endpoint().limits.body_bytes) fail_by_length();
  } else {
    stage_ = Stage::refused;
  }
}

void PostExchange::on_data(std::string_view bytes) {
  switch (stage_) {
    case Stage::reading_text:
      return read_text(bytes);
    case Stage::reading_events:
    case Stage::lingering:
      return read_events(bytes);
    case Stage::refused:
      if (!answer_.append(bytes)) fail(classify(answer_, question_));
      return;
    case Stage::accepted:
      if (!answer_.append(bytes)) finish();
      return;
    default:
      return;
  }
}

void PostExchange::on_finished(Result<HttpTimings> outcome) {
  exchange_.reset();
  if (outcome) observer_.on_timings(*outcome);
  std::optional<Error> broken;
  if (!outcome) broken = std::move(outcome.error());
  switch (stage_) {
    case Stage::reading_text:
      return broken ? fail(*std::move(broken)) : text_ended();
    case Stage::reading_events:
    case Stage::resuming:
      return stream_ended(std::move(broken));
    case Stage::refused:
      // The status says more than a connection that broke after it; a stall is still a time out.
      if (broken && !is_broken_connection(*broken)) return fail(*std::move(broken));
      return fail(classify(answer_, question_));
    case Stage::accepted:
      return accepted_ended();
    case Stage::lingering:
      return finish();
    case Stage::asking:
      if (broken) return fail(*std::move(broken));
      return fail({.kind = ErrorKind::http, .message = question_.what + ": no answer"});
    case Stage::waiting:
    case Stage::over:
      return;
  }
}

void PostExchange::read_text(std::string_view bytes) {
  const auto limit = session_.endpoint().limits.body_bytes;
  if (bytes.size() > limit - text_.size()) return fail_by_length();
  text_ += bytes;
}

void PostExchange::fail_by_length() {
  fail({.kind = ErrorKind::limit,
        .message = fmt::format("{}: the answer is longer than the limit of {} bytes",
                               question_.what, session_.endpoint().limits.body_bytes)});
}

void PostExchange::read_events(std::string_view bytes) {
  const auto keepalives = reader_.keepalives();
  auto events = reader_.feed(bytes);
  if (!events) return is_answered() ? finish() : fail(std::move(events.error()));
  if (reader_.keepalives() != keepalives) observer_.on_keep_alive();
  for (const auto& event : *events) {
    if (event.type == "message") take_text(event.data);
    if (stage_ == Stage::over) return;
  }
}

void PostExchange::take_text(std::string_view text) {
  auto messages =
      decode_under(session_.revision(), text, session_.endpoint().limits.message, question_.what);
  if (!messages) return is_answered() ? finish() : fail(std::move(messages.error()));
  for (auto& message : *messages) {
    take(std::move(message));
    if (stage_ == Stage::over) return;
  }
}

void PostExchange::take(Message message) {
  auto* error = std::get_if<ErrorResponse>(&message);
  const auto answered_id = answered_id_of(message);
  // An error without id can only be about what this exchange asked.
  const bool is_ours = answered_id ? answered_id == id_ : error != nullptr;
  if (!is_ours || is_answered()) {
    if (answered_id && !is_answered()) strange_id_ = answered_id;
    return observer_.on_message(std::move(message));
  }
  if (error != nullptr && (!answered_id || means_session_lost(*error, question_))) {
    auto failure = judge(*error, question_);
    failure.http_status = answer_.head.status;
    return fail(std::move(failure));
  }
  answered();
  observer_.on_message(std::move(message));
}

void PostExchange::answered() {
  stage_ = Stage::lingering;
  // 2025-11-25: "After the JSON-RPC response has been sent, the server SHOULD terminate the SSE
  // stream". Not all do.
  timer_ = loop_.start_timer(loop_.now() + linger, [this] { finish(); });
}

void PostExchange::text_ended() {
  if (trim(text_).empty()) return fail(classify(answer_, question_));
  take_text(text_);
  if (!is_answered())
    return fail(without_response(question_.what + ": the answer holds no response"));
  finish();
}

void PostExchange::accepted_ended() {
  // Whatever comes with the acceptance is ignored, but for an error that says that it is none.
  const auto messages = decode(answer_.body, session_.endpoint().limits.message);
  const auto* error = messages ? std::get_if<ErrorResponse>(&messages->front()) : nullptr;
  if (error == nullptr) return finish();
  auto failure = judge(*error, question_);
  failure.http_status = answer_.head.status;
  fail(std::move(failure));
}

void PostExchange::stream_ended(std::optional<Error> broken) {
  if (broken && !is_broken_connection(*broken)) return fail(*std::move(broken));
  // A server that ended the stream after a response to another id has said all it has to say.
  const bool was_misanswered = strange_id_ && !broken;
  const bool is_resumable = era_ == Era::legacy && !reader_.cursor().empty() && !was_misanswered;
  if (!is_resumable) {
    // "Resumable SSE streams via Last-Event-ID are not supported" (2026-07-28 streamable-http).
    auto error = without_response(ended_early());
    if (broken) error.message += ": " + broken->message;
    return fail(std::move(error));
  }
  const auto last =
      reader_.moved_on() ? Resumption::Last::moved_on : Resumption::Last::brought_nothing;
  if (!resumption_.try_again(last)) {
    return fail({.kind = ErrorKind::limit,
                 .message = fmt::format("{}, and {} resumptions in a row brought nothing",
                                        ended_early(), resumption_.most())});
  }
  const auto when = loop_.now() + reader_.retry();
  if (when >= outgoing_.deadline) {
    return fail({.kind = ErrorKind::timeout,
                 .message = fmt::format("{}; it can be resumed in {}, which is after the deadline",
                                        ended_early(), format_duration(reader_.retry()))});
  }
  stage_ = Stage::waiting;
  timer_ = loop_.start_timer(when, [this] { resume(); });
}

void PostExchange::resume() {
  stage_ = Stage::resuming;
  reader_.reconnect();
  question_.what = name_of(outgoing_.message) + " (resumed by GET)";
  question_.wanted = "text/event-stream";
  start(session_.get(reader_.cursor(), outgoing_.deadline));
}

void PostExchange::finish() {
  if (stage_ == Stage::over) return;
  stage_ = Stage::over;
  timer_.reset();
  exchange_.reset();
  observer_.on_over(*this);
}

void PostExchange::fail(Error error) {
  finish();
  observer_.on_failed(*this, std::move(error));
}

std::string PostExchange::ended_early() const {
  return name_of(outgoing_.message) + ": the event stream ended before the response";
}

Error PostExchange::without_response(std::string message) const {
  if (strange_id_) {
    message += fmt::format(" (id {}), only one to id {}", printable(to_string(*id_)),
                           printable(to_string(*strange_id_)));
  }
  return {.kind = ErrorKind::protocol,
          .message = std::move(message),
          .http_status = answer_.head.status};
}

}  // namespace mcp
