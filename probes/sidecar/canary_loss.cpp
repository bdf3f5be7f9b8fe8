// How a canary finds that it was lost, and what follows.
#include <fmt/format.h>

#include <utility>

#include "probes/sidecar/canary.hpp"

namespace probes::sidecar {
namespace {

/// How long a child that does not answer is given to end before SIGKILL: it is known to be stuck.
constexpr auto wedged_patience = std::chrono::seconds(1);

/// Whether the server does not offer the stream, as against failing to open it.
bool is_no_offer(const mcp::Error& refusal) {
  if (refusal.kind == mcp::ErrorKind::rpc) return true;
  const int status = refusal.http_status.value_or(0);
  return refusal.kind == mcp::ErrorKind::http && status >= 400 && status < 500;
}

}  // namespace

void Canary::on_notification(const mcp::Notification& notification) {
  if (notification.method == "notifications/subscriptions/acknowledged") was_acknowledged_ = true;
  if (notification.method == "notifications/tools/list_changed") events_.on_tools_changed();
}

void Canary::on_session_lost(const mcp::Error& why) {
  seen_.session_lost = why;
  judge_later();
}

void Canary::on_line_closed(const mcp::Error& why) {
  seen_.line_closed = why;
  judge_later();
}

void Canary::listen_ended(mcp::Result<mcp::Json> end) {
  is_listening_ = false;
  if (!end) {
    // A server that asks for less, or for a credential, has not failed: the next probe tries again.
    const auto sign = sign_of(end.error(), Protected::passes);
    if (sign != Sign::bad && sign != Sign::down) return;
  }
  if (!was_acknowledged_ && (end || is_no_offer(end.error()))) {
    offers_no_stream_ = true;
    return;
  }
  const char* cause = was_acknowledged_ ? "stream-cut" : "stream-refused";
  if (end || end.error().kind == mcp::ErrorKind::session_lost) cause = "stream-ended";
  const mcp::Error in_order{.kind = mcp::ErrorKind::session_lost,
                            .message = "subscriptions/listen: the server ended the subscription"};
  seen_.stream_end = {.cause = cause, .why = end ? in_order : end.error()};
  judge_later();
}

void Canary::judge_later() {
  if (judge_timer_) return;
  judge_timer_ = loop_.start_timer(loop_.now(), [this] {
    judge_timer_.reset();
    judge();
  });
}

void Canary::judge() {
  const auto seen = std::exchange(seen_, {});
  if (stage_ == Stage::none) return;
  if (stage_ == Stage::opening) {
    // While it is opened one child may follow another: only the outcome counts.
    if (seen.failure) opening_failed(*seen.failure, seen.line_closed.has_value());
    return;
  }
  const auto loss = find_loss(seen);
  if (!loss) {
    if (seen.failure && done_) fail(*seen.failure);
    return;
  }
  lose(*loss, surroundings_.options.timeout);
  if (!done_) return events_.on_loss();
  if (std::exchange(was_reopened_, true)) return fail(loss->why);
  open();
}

void Canary::opening_failed(const mcp::Error& failure, bool child_ended) {
  const Loss loss{.cause = "exit", .why = failure};
  if (surroundings_.is_stdio() && child_ended) {
    lose(loss, surroundings_.options.timeout);
  } else {
    last_end_ = failure.message;
    drop_line(surroundings_.options.timeout);
    if (surroundings_.is_stdio()) pause_.ended(loop_.now());
  }
  if (done_) return fail(failure);
  events_.on_loss();
}

std::optional<Canary::Loss> Canary::find_loss(const Seen& seen) const {
  const bool stdio = surroundings_.is_stdio();
  if (seen.line_closed) {
    return Loss{.cause = stdio ? "exit" : "stream-cut", .why = *seen.line_closed};
  }
  if (seen.session_lost) return Loss{.cause = "session-lost", .why = *seen.session_lost};
  if (seen.stream_end) return seen.stream_end;
  const auto cause = seen.failure && !stdio ? loss_cause(*seen.failure) : std::nullopt;
  if (!cause) return std::nullopt;
  return Loss{.cause = std::string(*cause), .why = *seen.failure};
}

void Canary::lose(const Loss& loss, mcp::Duration patience) {
  ++status_.losses[loss.cause];
  status_.last_loss = loss.why.message;
  status_.last_loss_at = loop_.now();
  last_end_ = loss.why.message;
  untold_ = loss;
  drop_line(patience);
  if (surroundings_.is_stdio()) pause_.ended(loop_.now());
}

void Canary::replace(const std::string& cause, const std::string& why) {
  if (stage_ != Stage::held) return;
  lose({.cause = cause, .why = {.kind = mcp::ErrorKind::timeout, .message = why}},
       surroundings_.options.timeout);
  untold_.reset();
}

void Canary::drop_line(mcp::Duration patience) {
  stage_ = Stage::none;
  status_.held = false;
  status_.since.reset();
  is_listening_ = false;
  unanswered_ = 0;
  judge_timer_.reset();
  seen_ = {};
  surroundings_.cleanup.close(std::move(line_), patience);
}

void Canary::fail(const mcp::Error& failure) {
  auto result = failed_with(failure, surroundings_.is_protected());
  if (has_answered_now_ && result.sign == Sign::down) {
    // What hangs is one method, or something behind it.
    result.sign = Sign::bad;
    return finish(std::move(result));
  }
  if (failure.kind != mcp::ErrorKind::timeout) return finish(std::move(result));
  ++unanswered_;
  if (surroundings_.is_stdio() && stage_ != Stage::none) {
    const auto child = fmt::format("the child (pid {})", child_.pid().value_or(0));
    result.reason = fmt::format("{} runs and does not answer: no answer to {} within {}", child,
                                asked_, mcp::format_duration(deadline_ - begun_));
    if (is_wedged()) {
      const auto why =
          fmt::format("{} did not answer {} probes in a row, and was ended", child, unanswered_);
      lose({.cause = "wedged", .why = {.kind = failure.kind, .message = why}}, wedged_patience);
      result.reason = why;
    }
  }
  finish(std::move(result));
}

bool Canary::is_wedged() const {
  const auto& thresholds = surroundings_.options.thresholds;
  // The platform can restart a container by /livez; nobody else can restart this child.
  return unanswered_ >= thresholds.liveness &&
         (has_answered_ || loop_.now() - pause_.started_at() >= thresholds.startup_grace);
}

void Canary::tell_loss(const Loss& loss, ProbeResult& result) {
  const auto sign = loss.cause == "exit" ? Sign::down : Sign::bad;
  const bool told_by_result = result.sign == Sign::bad || result.sign == Sign::down;
  result.sign = worse(result.sign, sign);
  if (told_by_result) return;
  result.reason = fmt::format("the canary was lost ({}): {}{}", loss.cause, loss.why.message,
                              is_held() ? "; it was opened again" : "");
  result.hint = loss.why.hint;
  result.failure = loss.why.kind;
}

}  // namespace probes::sidecar
