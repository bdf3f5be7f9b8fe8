#include "mcp/transport/http_sse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/transport/media_type.hpp"
#include "mcp/transport/message_facts.hpp"

namespace mcp {
namespace {

/// How long after the stream's end the answers to POSTs under way are waited for.
constexpr auto refusal_patience = std::chrono::milliseconds(100);

HttpQuestion stream_question(const HttpSession& session) {
  auto question = session.question("GET " + session.url());
  question.wanted = "text/event-stream";
  return question;
}

/// The query of the endpoint holds the session's id: it is not shown.
std::string path_of(const Url& url) {
  return printable(url.target.substr(0, url.target.find('?')));
}

}  // namespace

HttpSse::HttpSse(const Endpoint& endpoint, TransportContext context, TransportObserver& observer)
    : loop_(context.loop),
      http_(*context.http),
      observer_(observer),
      session_(endpoint),
      gate_(context.loop, [this](Outgoing outgoing) { post(std::move(outgoing)); }),
      reader_(endpoint.limits),
      retired_(context.loop) {}

void HttpSse::open(TimePoint deadline, std::move_only_function<void(Result<void>)> done) {
  opened_ = std::move(done);
  // The stream outlives the deadline, so it carries none of its own.
  auto request =
      session_.request("GET", session_.url(), {{"Accept", "text/event-stream"}}, TimePoint::max());
  if (!request) {
    open_timer_ = loop_.start_timer(
        loop_.now(),
        [this, error = std::move(request.error())]() mutable { end(std::move(error)); });
    return;
  }
  stream_ = http_.start(*std::move(request), *this);
  if (deadline == TimePoint::max()) return;
  open_timer_ = loop_.start_timer(deadline, [this] {
    const auto* missing =
        stage_ == Stage::reading ? "no endpoint event on the stream" : "no answer to GET";
    end({.kind = ErrorKind::timeout,
         .message = fmt::format("{} of {} before the deadline", missing, session_.url())});
  });
}

void HttpSse::send(Outgoing outgoing) {
  if (stage_ != Stage::over) gate_.send(std::move(outgoing));
}

void HttpSse::post(Outgoing outgoing) {
  if (stage_ == Stage::over || !message_url_) return;
  auto question = session_.question(name_of(outgoing.message) + " at " + path_of(*message_url_));
  // The URL names the session. But a first POST that finds nothing was sent to a wrong path, as
  // happens behind a proxy that takes a prefix away.
  question.names_session = question.in_session = session_.revision().has_value();

  HeaderList fields = {{"Content-Type", "application/json"}};
  fields.insert(fields.end(), outgoing.headers.begin(), outgoing.headers.end());
  auto request =
      session_.request("POST", message_url_->to_string(), std::move(fields), outgoing.deadline);
  if (request) request->body = encode(outgoing.message);
  running_.push_back(std::make_unique<MessagePost>(loop_, http_,
                                                   static_cast<MessagePostObserver&>(*this),
                                                   std::move(outgoing), std::move(question)));
  running_.back()->start(std::move(request));
}

void HttpSse::abandon(const RequestId& id) {
  if (gate_.drop(id)) return;
  const auto found =
      std::ranges::find_if(running_, [&id](const auto& each) { return each->request_id() == id; });
  if (found != running_.end()) (*found)->cancel();
}

void HttpSse::close(TimePoint /*deadline*/, std::move_only_function<void(Result<void>)> done) {
  release();
  close_timer_ = loop_.start_timer(loop_.now(), [done = std::move(done)]() mutable { done({}); });
}

void HttpSse::on_head(const HttpResponseHead& head) {
  answer_.head = head;
  const bool is_stream =
      head.status >= 200 && head.status < 300 && media_type(head) == "text/event-stream";
  stage_ = is_stream ? Stage::reading : Stage::refused;
}

void HttpSse::on_data(std::string_view bytes) {
  if (stage_ == Stage::reading) return read(bytes);
  if (stage_ == Stage::refused && !answer_.append(bytes)) {
    end(classify(answer_, stream_question(session_)));
  }
}

void HttpSse::on_finished(Result<HttpTimings> outcome) {
  stream_.reset();
  if (outcome) observer_.on_timings(*outcome);
  if (stage_ == Stage::over) return;
  if (stage_ == Stage::refused) return end(classify(answer_, stream_question(session_)));
  if (stage_ == Stage::asking && !outcome) return end(std::move(outcome.error()));
  Error error{.kind = ErrorKind::protocol, .message = "the event stream ended"};
  if (!message_url_) error.message += " before its endpoint event";
  if (!outcome) {
    error.kind = outcome.error().kind;
    error.message += ": " + outcome.error().message;
  }
  if (running_.empty()) return end(std::move(error));
  // A server that drops a session ends its stream and refuses the POST on its way, in either order;
  // the refusal tells why.
  end_timer_ =
      loop_.start_timer(loop_.now() + refusal_patience,
                        [this, error = std::move(error)]() mutable { end(std::move(error)); });
}

void HttpSse::read(std::string_view bytes) {
  const auto keepalives = reader_.keepalives();
  auto events = reader_.feed(bytes);
  if (!events) return end(std::move(events.error()));
  if (reader_.keepalives() != keepalives) observer_.on_keep_alive();
  for (const auto& event : *events) {
    if (event.type == "endpoint") {
      take_endpoint(event.data);
    } else if (event.type == "message") {
      take_text(event.data);
    }
    if (stage_ == Stage::over) return;
  }
}

void HttpSse::take_endpoint(std::string_view reference) {
  if (message_url_) return observer_.on_warning("a second endpoint event was ignored");
  const auto& stream_url = *session_.endpoint().url;
  auto url = resolve_reference(stream_url, trim(reference));
  if (!url) {
    return end({.kind = ErrorKind::protocol,
                .message = "the endpoint event names no URL: " + quoted(reference)});
  }
  // A credential for this server must not go to another one that the server names.
  if (!same_origin(stream_url, *url)) {
    return end({.kind = ErrorKind::protocol,
                .message = fmt::format("the endpoint event leads from {} to another origin, {}",
                                       stream_url.origin(), printable(url->origin()))});
  }
  message_url_ = *std::move(url);
  open_timer_.reset();
  std::exchange(opened_, nullptr)({});
}

void HttpSse::take_text(std::string_view text) {
  if (!message_url_) {
    return observer_.on_warning("a message before the endpoint event was ignored: " + quoted(text));
  }
  const auto& limits = session_.endpoint().limits.message;
  auto messages = decode_under(session_.revision(), text, limits, "event stream");
  if (!messages) {
    if (const auto id = find_id(text, limits)) {
      return observer_.on_request_failed(*id, std::move(messages.error()));
    }
    return end(std::move(messages.error()));
  }
  for (auto& message : *messages) {
    on_message(std::move(message));
    if (stage_ == Stage::over) return;
  }
}

void HttpSse::on_message(Message message) {
  if (stage_ != Stage::over) observer_.on_message(std::move(message));
}

void HttpSse::on_failed(MessagePost& from, Error error) {
  if (stage_ == Stage::over) return;
  if (!session_.revision() && error.http_status == 404 && error.hint.empty()) {
    error.hint = "the endpoint event named this path: does a proxy in between take a prefix away?";
  }
  if (from.request_id()) return observer_.on_request_failed(*from.request_id(), std::move(error));
  observer_.on_send_failed(std::move(error));
}

void HttpSse::on_timings(const HttpTimings& timings) {
  observer_.on_timings(timings);
}

void HttpSse::on_over(MessagePost& post) {
  const auto found =
      std::ranges::find_if(running_, [&post](const auto& each) { return each.get() == &post; });
  retired_.add(std::move(*found));
  running_.erase(found);
  gate_.ended(post.message());
}

void HttpSse::end(Error why) {
  release();
  if (opened_) return std::exchange(opened_, nullptr)(std::unexpected(std::move(why)));
  observer_.on_closed(std::move(why));
}

void HttpSse::release() {
  stage_ = Stage::over;
  open_timer_.reset();
  end_timer_.reset();
  stream_.reset();
  while (!running_.empty()) running_.back()->cancel();
}

}  // namespace mcp
