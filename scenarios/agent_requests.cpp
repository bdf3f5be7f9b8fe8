#include <algorithm>
#include <utility>

#include "scenarios/agent.hpp"
#include "scenarios/expectation.hpp"

namespace scenarios {

void Agent::ask_for(const Mix& mix, mcp::TimePoint intended) {
  auto made = maker_.make(mix);
  const auto timeout = made.request->timeout.value_or(scenario().timeout);
  waiting_.push_back({.made = std::move(made),
                      .intended = intended,
                      .queued = now(),
                      .expires = intended + timeout});
  pump();
}

void Agent::pump() {
  const auto bound = static_cast<std::size_t>(scenario().agents.in_flight);
  while (!waiting_.empty() &&
         (waiting_.front().expires <= now() || (link_ == Link::up && open_.size() < bound))) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    if (next.expires <= now()) {
      note_expired(next);
    } else {
      send(std::move(next));
    }
  }
  arm_expiry();
}

void Agent::arm_expiry() {
  if (waiting_.empty()) {
    expiry_timer_.reset();
    return;
  }
  const auto when = waiting_.front().expires;
  if (expiry_timer_ && expiry_armed_for_ == when) return;
  expiry_armed_for_ = when;
  expiry_timer_ = around_.loop.start_timer(when, [this] {
    expiry_timer_.reset();
    pump();
    if (is_drained()) resume(Wait::answered);
    disconnect_when_drained();
  });
}

/// It never left: for want of a session, or since as many were open as may be. In the second case
/// the server was too slow for it, and the wait is a lower bound of its latency.
void Agent::note_expired(const Waiting& waiting) {
  around_.recorder.request({.step = waiting.made.request->step,
                            .intended = waiting.intended,
                            .started = waiting.intended,
                            .ended = waiting.expires,
                            .failure = link_ == Link::up ? Failure::timeout : Failure::refused});
}

void Agent::send(Waiting waiting) {
  const auto& request = *waiting.made.request;
  const auto id = request_id(plan_.id, sequence_++);
  open_.emplace(id, Open{.request = &request,
                         .intended = waiting.intended,
                         .started = now(),
                         .held = now() - waiting.queued,
                         .idle_before = now() - last_traffic_,
                         .session = session_});
  last_traffic_ = now();
  port_->send({.id = id,
               .operation = request.operation,
               .step = request.step,
               .target = std::move(waiting.made.target),
               .arguments = std::move(waiting.made.arguments),
               .deadline = waiting.expires,
               .wants_error = request.expect.is_error,
               .wants_result = request.expect.needs_result()},
              [this, id](const Outcome& outcome) { answered(id, outcome); });
}

void Agent::answered(std::int64_t id, const Outcome& outcome) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;  // given up before
  const Open open = found->second;
  open_.erase(found);
  auto failure = outcome.failure;
  if (!failure && !meets(open.request->expect, outcome.result, outcome.ended - open.intended)) {
    failure = Failure::expectation;
  }
  around_.recorder.request({.step = open.request->step,
                            .intended = open.intended,
                            .started = outcome.started,
                            .ended = outcome.ended,
                            .failure = failure,
                            .http_status = outcome.http_status,
                            .held = open.held,
                            .idle = open.idle_before});
  last_traffic_ = std::max(last_traffic_, outcome.ended);
  if (!outcome.failure && open.session == session_) {
    ++session_answers_;
    if (session_lost_) around_.recorder.answered_after_loss();
  }
  if (around_.rollout != nullptr && !outcome.failure && open.session == session_) {
    around_.rollout->answered(plan_.id, in_run(outcome.ended));
  }
  if (outcome.failure == Failure::session_lost && open.session == session_) {
    lose_session({.at = outcome.ended,
                  .subject = Subject::session,
                  .by = CutBy::not_found,
                  .http_status = outcome.http_status,
                  .idle = open.idle_before});
  }
  if (open.request->operation == Operation::listen) stream_answered(*open.request, outcome);
  pump();
  resume(Wait::answered);
  disconnect_when_drained();
}

}  // namespace scenarios
