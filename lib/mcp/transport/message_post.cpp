#include "mcp/transport/message_post.hpp"

#include <utility>

#include "mcp/transport/message_facts.hpp"

namespace mcp {

MessagePost::MessagePost(Loop& loop, Http& http, MessagePostObserver& observer, Outgoing outgoing,
                         HttpQuestion question)
    : loop_(loop),
      http_(http),
      observer_(observer),
      outgoing_(std::move(outgoing)),
      id_(request_id_of(outgoing_.message)),
      question_(std::move(question)) {}

void MessagePost::start(Result<HttpRequest> request) {
  if (request) {
    exchange_ = http_.start(*std::move(request), *this);
    return;
  }
  timer_ = loop_.start_timer(loop_.now(), [this, error = std::move(request.error())]() mutable {
    fail(std::move(error));
  });
}

void MessagePost::cancel() {
  if (std::exchange(is_over_, true)) return;
  timer_.reset();
  exchange_.reset();
  observer_.on_over(*this);
}

void MessagePost::on_head(const HttpResponseHead& head) {
  answer_.head = head;
}

void MessagePost::on_data(std::string_view bytes) {
  if (answer_.append(bytes)) return;
  if (was_accepted()) return cancel();
  fail(classify(answer_, question_));
}

void MessagePost::on_finished(Result<HttpTimings> outcome) {
  exchange_.reset();
  if (outcome) observer_.on_timings(*outcome);
  if (is_over_) return;
  if (answer_.head.status == 0) {
    if (outcome) return fail({.kind = ErrorKind::http, .message = question_.what + ": no answer"});
    return fail(std::move(outcome.error()));
  }
  if (!was_accepted()) return fail(classify(answer_, question_));
  cancel();
  take_response();
}

bool MessagePost::was_accepted() const {
  return answer_.head.status >= 200 && answer_.head.status < 300;
}

void MessagePost::take_response() {
  // "Accepted", "ok", `{"ok":true}`: whatever is no response to this request is ignored.
  auto messages = decode(answer_.body);
  if (!id_ || !messages) return;
  for (auto& message : *messages) {
    if (answered_id_of(message) == id_) observer_.on_message(std::move(message));
  }
}

void MessagePost::fail(Error error) {
  cancel();
  observer_.on_failed(*this, std::move(error));
}

}  // namespace mcp
