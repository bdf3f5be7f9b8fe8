#include <algorithm>

#include "scenarios/agent.hpp"

namespace scenarios {
namespace {

/// Between attempts to connect, and before a stream that was cut is opened again.
constexpr std::chrono::milliseconds first_pause{250};
constexpr std::chrono::seconds longest_pause{5};
constexpr std::chrono::seconds stream_pause{1};

mcp::Duration pause_after(int failures) {
  return std::min<mcp::Duration>(first_pause * (1 << std::min(failures, 10)), longest_pause);
}

}  // namespace

void Agent::connect(mcp::TimePoint intended) {
  link_ = Link::connecting;
  connect_intended_ = intended;
  connect_started_ = now();
  ++attempts_;
  note_asked();
  port_->connect(now() + scenario().timeout, [this, attempt = attempts_](const Outcome& outcome) {
    if (link_ == Link::connecting && attempt == attempts_) connected(outcome);  // else given up
  });
}

void Agent::connected(const Outcome& outcome) {
  around_.recorder.request({.step = Plan::connect_step,
                            .intended = connect_intended_,
                            .started = outcome.started,
                            .ended = outcome.ended,
                            .failure = outcome.failure,
                            .http_status = outcome.http_status});
  if (outcome.failure == Failure::session_lost) {
    note_cut({.at = outcome.ended,
              .subject = Subject::session,
              .by = CutBy::not_found,
              .http_status = outcome.http_status});
  }
  if (outcome.failure) return connect_failed();
  link_ = Link::up;
  failed_connects_ = 0;
  ++session_;
  session_opened_ = outcome.ended;
  session_answers_ = 0;
  last_traffic_ = outcome.ended;
  if (lost_at_) {
    around_.recorder.session_reinitialised(*lost_at_, outcome.ended);
    lost_at_.reset();
  } else {
    around_.recorder.session_opened(outcome.ended);
  }
  if (around_.rollout != nullptr) around_.rollout->opened(plan_.id, in_run(outcome.ended));
  if (stream_ != nullptr) reopen_stream(now());
  pump();
  resume(Wait::connected);
  disconnect_when_drained();
}

void Agent::connect_failed() {
  link_ = Link::down;
  if (state_ == State::running) connect_after(pause_after(failed_connects_++));
  disconnect_when_drained();
}

void Agent::connect_after(mcp::Duration pause) {
  connect_timer_ = around_.loop.start_timer(now() + pause, [this] { connect(now()); });
}

void Agent::lose_session(const PortObserver::Cut& cut) {
  if (link_ != Link::up) return;  // another request has told it
  note_cut(cut);
  link_ = Link::down;
  if (around_.rollout != nullptr) {
    around_.rollout->lost(plan_.id, in_run(cut.at), cut.by, cut.http_status);
  }
  stream_timer_.reset();
  lost_at_ = cut.at;
  // Where sessions are lost before their first answer, a new one at once would be lost as fast.
  fruitless_sessions_ = session_answers_ == 0 ? fruitless_sessions_ + 1 : 0;
  if (state_ == State::stopping) give_up_waiting();
  if (state_ != State::running) return;
  if (fruitless_sessions_ < 2) return connect(now());
  connect_after(pause_after(fruitless_sessions_ - 2));
}

void Agent::note_cut(const PortObserver::Cut& cut) {
  const bool is_session = cut.subject == Subject::session && link_ == Link::up;
  around_.recorder.cut({.at = cut.at,
                        .agent = plan_.id,
                        .subject = cut.subject,
                        .by = cut.by,
                        .http_status = cut.http_status,
                        .idle = cut.idle,
                        .keep_alive_seen = cut.keep_alive_seen,
                        .age = is_session ? cut.at - session_opened_ : mcp::Duration{},
                        .answers = is_session ? session_answers_ : 0});
}

void Agent::stream_answered(const Request& request, const Outcome& outcome) {
  if (!outcome.failure) {
    stream_ = &request;
  } else if (outcome.failure == Failure::http_status) {
    stream_ = nullptr;  // the server has none, and asking again would not change that
  } else if (stream_ != nullptr && link_ == Link::up) {
    reopen_stream(now() + stream_pause);
  }
}

void Agent::reopen_stream(mcp::TimePoint when) {
  stream_timer_ = around_.loop.start_timer(when, [this] {
    if (state_ != State::running || link_ != Link::up || stream_ == nullptr) return;
    const auto timeout = stream_->timeout.value_or(scenario().timeout);
    note_asked();
    waiting_.push_back({.made = {.request = stream_},
                        .intended = now(),
                        .queued = now(),
                        .expires = now() + timeout});
    pump();
  });
}

void Agent::on_connection(mcp::TimePoint at, bool again) {
  if (again) {
    around_.recorder.reconnected(at);
  } else {
    around_.recorder.connection_made(at);
  }
}

void Agent::on_cut(const PortObserver::Cut& cut) {
  if (state_ == State::finished || link_ == Link::closing) return;  // nobody needs it any more
  if (cut.subject == Subject::session) {
    if (link_ != Link::up) return;
    auto session = cut;
    session.idle = cut.at - last_traffic_;
    lose_session(session);
    return;
  }
  note_cut(cut);
  const bool was_stream = cut.subject == Subject::stream && stream_ != nullptr;
  if (was_stream && state_ == State::running && link_ == Link::up)
    reopen_stream(now() + stream_pause);
}

void Agent::on_stray(mcp::TimePoint at, Failure kind, std::optional<StepId> step) {
  auto any = Plan::connect_step;
  open_.each([&any](const Open& open) { any = open.request->step; });
  around_.recorder.stray(kind, step.value_or(any), at);
}

void Agent::on_server_request(mcp::TimePoint at) {
  around_.recorder.server_request_answered(at);
}

}  // namespace scenarios
