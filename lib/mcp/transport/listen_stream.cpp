#include "mcp/transport/listen_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mcp/transport/media_type.hpp"
#include "mcp/transport/message_facts.hpp"

namespace mcp {
namespace {

/// `retry: 0` must not become a loop without rest: this stream has no deadline that would end it.
constexpr auto shortest_wait = std::chrono::milliseconds(100);
/// A connection that stood this long was no failure, though it brought nothing (idle time-outs of
/// proxies).
constexpr auto honest_lifetime = std::chrono::seconds(10);

}  // namespace

ListenStream::ListenStream(Loop& loop, Http& http, const HttpSession& session,
                           ListenObserver& observer)
    : loop_(loop),
      http_(http),
      session_(session),
      observer_(observer),
      question_(session.question("GET stream")),
      reader_(session.endpoint().limits),
      resumption_(session.endpoint().limits.max_listen_resumptions) {
  question_.wanted = "text/event-stream";
  // Where the first GET is answered with 404 there may be no such route; after a stream that was
  // accepted it is the session that is gone.
  question_.names_session = false;
}

void ListenStream::start() {
  stage_ = Stage::asking;
  reader_.reconnect();
  auto request = session_.get(reader_.cursor(), TimePoint::max());
  if (request) {
    exchange_ = http_.start(*std::move(request), *this);
    return;
  }
  timer_ = loop_.start_timer(
      loop_.now(), [this, error = std::move(request.error())]() mutable { end(std::move(error)); });
}

void ListenStream::on_head(const HttpResponseHead& head) {
  answer_ = {.head = head, .body = {}};
  const bool is_stream =
      head.status >= 200 && head.status < 300 && media_type(head) == "text/event-stream";
  stage_ = is_stream ? Stage::reading : Stage::refused;
  if (!is_stream) return;
  connected_at_ = loop_.now();
  question_.names_session = !session_.id().empty();
  if (!std::exchange(was_accepted_, true)) observer_.on_listening();
}

void ListenStream::on_data(std::string_view bytes) {
  if (stage_ == Stage::reading) return read(bytes);
  if (stage_ == Stage::refused && !answer_.append(bytes)) end(classify(answer_, question_));
}

void ListenStream::read(std::string_view bytes) {
  const auto keepalives = reader_.keepalives();
  auto events = reader_.feed(bytes);
  if (!events) return end(std::move(events.error()));
  if (reader_.keepalives() != keepalives) observer_.on_keep_alive();
  for (const auto& event : *events) {
    if (event.type != "message") continue;
    auto messages = decode_under(session_.revision(), event.data,
                                 session_.endpoint().limits.message, "GET stream");
    if (!messages) return end(std::move(messages.error()));
    for (auto& message : *messages) {
      observer_.on_message(std::move(message));
      if (stage_ == Stage::over) return;
    }
  }
}

void ListenStream::on_finished(Result<HttpTimings> outcome) {
  exchange_.reset();
  if (outcome) observer_.on_timings(*outcome);
  if (stage_ == Stage::over) return;
  std::optional<Error> broken;
  if (!outcome) broken = std::move(outcome.error());
  if (stage_ == Stage::reading || (stage_ == Stage::asking && was_accepted_)) {
    return connection_ended(std::move(broken));
  }
  if (stage_ == Stage::refused) return end(classify(answer_, question_));
  end(broken.value_or(Error{.kind = ErrorKind::http, .message = question_.what + ": no answer"}));
}

void ListenStream::connection_ended(std::optional<Error> broken) {
  if (broken && broken->kind == ErrorKind::limit) return end(*std::move(broken));
  const bool was_of_use = stage_ == Stage::reading &&
                          (reader_.moved_on() || loop_.now() - connected_at_ >= honest_lifetime);
  if (!resumption_.try_again(was_of_use ? Resumption::Last::moved_on
                                        : Resumption::Last::brought_nothing)) {
    const auto why = broken ? ": " + broken->message : std::string();
    return end({.kind = broken ? broken->kind : ErrorKind::protocol,
                .message = fmt::format("GET stream: it ended, and {} resumptions in a row brought "
                                       "nothing{}",
                                       resumption_.most(), why)});
  }
  stage_ = Stage::waiting;
  const auto wait = std::max(reader_.retry(), shortest_wait);
  timer_ = loop_.start_timer(loop_.now() + wait, [this] { start(); });
}

void ListenStream::cancel() {
  stage_ = Stage::over;
  timer_.reset();
  exchange_.reset();
}

void ListenStream::end(Error why) {
  cancel();
  observer_.on_listen_ended(std::move(why));
}

}  // namespace mcp
