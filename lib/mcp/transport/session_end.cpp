#include "mcp/transport/session_end.hpp"

#include <utility>

namespace mcp {

SessionEnd::SessionEnd(Loop& loop, Http& http, const HttpSession& session,
                       std::vector<std::string> ids)
    : loop_(loop), http_(http), session_(session), ids_(std::move(ids)) {}

void SessionEnd::start(TimePoint deadline, Done done) {
  deadline_ = deadline;
  done_ = std::move(done);
  start_next();
}

void SessionEnd::start_next() {
  answer_ = {};
  std::optional<Error> error;
  if (!ids_.empty()) {
    auto request = session_.remove(ids_.back(), deadline_);
    ids_.pop_back();
    if (request) {
      exchange_ = http_.start(*std::move(request), *this);
      return;
    }
    error = std::move(request.error());
  }
  timer_ = loop_.start_timer(loop_.now(), [this, error = std::move(error)] {
    if (error) return take(std::unexpected(*error));
    if (failure_) return done_(std::unexpected(*failure_));
    done_({});
  });
}

void SessionEnd::on_head(const HttpResponseHead& head) {
  answer_.head = head;
  const int status = head.status;
  const bool is_ended = (status >= 200 && status < 300) || status == 404;
  const bool ends_none = status == 405 || status == 501;
  // Nothing in the body matters then: do not wait for it.
  if (is_ended || ends_none) take({});
}

void SessionEnd::on_data(std::string_view bytes) {
  if (!answer_.append(bytes)) judge();
}

void SessionEnd::on_finished(Result<HttpTimings> outcome) {
  if (answer_.head.status != 0) return judge();
  if (outcome) return take(fail(ErrorKind::http, "no answer"));
  take(std::unexpected(std::move(outcome.error())));
}

void SessionEnd::judge() {
  auto error = classify(answer_, session_.question("DELETE"));
  if (error.kind == ErrorKind::session_lost) return take({});
  take(std::unexpected(std::move(error)));
}

void SessionEnd::take(Result<void> outcome) {
  exchange_.reset();
  if (!outcome && !failure_) {
    failure_ = std::move(outcome.error());
    failure_->message = "the session was not ended: " + failure_->message;
  }
  start_next();
}

}  // namespace mcp
