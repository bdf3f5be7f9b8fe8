#include <algorithm>
#include <utility>

#include "scenarios/agent.hpp"
#include "scenarios/expectation.hpp"

namespace scenarios {
namespace {

/// It tells nothing of the session: the server, or what knows it, was not heard.
bool is_silence(std::optional<Failure> failure) {
  return failure == Failure::refused || failure == Failure::reset || failure == Failure::timeout ||
         failure == Failure::http_status || failure == Failure::stream_cut;
}

}  // namespace

void Agent::ask_for(const Mix& mix, mcp::TimePoint intended) {
  auto made = maker_.make(mix);
  const auto timeout = made.request->timeout.value_or(scenario().timeout);
  note_asked();
  Waiting waiting{.made = std::move(made),
                  .intended = intended,
                  .queued = now(),
                  .expires = intended + timeout};
  if (waiting_.empty() && waiting.expires > now() && has_room_for(*waiting.made.request)) {
    return send(std::move(waiting));
  }
  waiting_.push_back(std::move(waiting));
  pump();
}

void Agent::note_asked() {
  if (around_.under_way != nullptr) ++around_.under_way->asked;
}

/// A stream is held on a connection of its own.
bool Agent::has_room_for(const Request& request) const {
  if (link_ != Link::up) return false;
  if (request.operation == Operation::listen) return true;
  const auto& agents = scenario().agents;
  const auto most = port_->takes_one_at_a_time() ? std::min(agents.in_flight, agents.connections)
                                                 : agents.in_flight;
  return open_.size() - opening_ < static_cast<std::size_t>(most);
}

void Agent::pump() {
  while (!waiting_.empty() &&
         (waiting_.front().expires <= now() || has_room_for(*waiting_.front().made.request))) {
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
  const auto trace = around_.tracer != nullptr ? around_.tracer->choose(now()) : TraceIds{};
  if (around_.under_way != nullptr) ++around_.under_way->open;
  if (request.operation == Operation::listen) ++opening_;
  const auto ticket = open_.add({.request = &request,
                                 .intended = waiting.intended,
                                 .started = now(),
                                 .held = now() - waiting.queued,
                                 .idle_before = std::max(now() - last_traffic_, mcp::Duration{}),
                                 .session = session_,
                                 .trace = trace});
  last_traffic_ = now();
  port_->send({.id = id,
               .operation = request.operation,
               .step = request.step,
               .target = std::move(waiting.made.target),
               .arguments = std::move(waiting.made.arguments),
               .deadline = waiting.expires,
               .request = request.target.constant() != nullptr ? &request : nullptr,
               .is_fixed = request.has_constant_arguments(),
               .wants_error = request.expect.is_error,
               .wants_result = request.expect.needs_result(),
               .traceparent = trace ? traceparent(trace) : std::string()},
              [this, ticket](const Outcome& outcome) { answered(ticket, outcome); });
}

void Agent::note_trace(const Open& open, const Outcome& outcome, std::optional<Failure> failure) {
  around_.tracer->ended({.ids = open.trace,
                         .step = open.request->step,
                         .started = outcome.started,
                         .ended = outcome.ended,
                         .failure = failure,
                         .http_status = outcome.http_status});
}

void Agent::answered(Slots<Open>::Ticket ticket, const Outcome& outcome) {
  const auto taken = open_.take(ticket);
  if (!taken) return;  // given up before
  const Open& open = *taken;
  if (around_.under_way != nullptr) --around_.under_way->open;
  if (open.request->operation == Operation::listen) --opening_;
  auto failure = outcome.failure;
  if (!failure && !meets(open.request->expect, outcome.result, outcome.ended - open.intended)) {
    failure = Failure::expectation;
  }
  around_.recorder.request({.step = open.request->step,
                            .intended = is_closed_loop() ? outcome.started : open.intended,
                            .started = outcome.started,
                            .ended = outcome.ended,
                            .failure = failure,
                            .http_status = outcome.http_status,
                            .held = open.held,
                            .idle = open.idle_before});
  if (open.trace) note_trace(open, outcome, failure);
  last_traffic_ = std::max(last_traffic_, outcome.ended);
  if (!outcome.failure && open.session == session_) ++session_answers_;
  if (around_.rollout != nullptr && !outcome.failure && open.session == session_) {
    around_.rollout->answered(plan_.id, in_run(outcome.ended));
  }
  if (around_.rollout != nullptr && is_silence(outcome.failure) && open.session == session_) {
    around_.rollout->unanswered(plan_.id);
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
