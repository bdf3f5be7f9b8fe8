#include <algorithm>

#include "scenarios/agent.hpp"

namespace scenarios {
namespace {

constexpr std::chrono::seconds shortest_goodbye{2};

}  // namespace

void Agent::stop() {
  if (state_ == State::stopping || state_ == State::finished) return;
  const bool absent = state_ == State::absent;
  state_ = State::stopping;
  if (absent) return gone();
  wind_down();
}

/// Nothing new from here on. What was due is still sent while there is a session to send it in: it
/// waits since the server is slow, and left out it would make a slow server look fast.
void Agent::wind_down() {
  note_under_way();
  script_timer_.reset();
  stream_timer_.reset();
  connect_timer_.reset();
  wait_ = Wait::nothing;
  if (state_ == State::stopping) {
    if (link_ != Link::up) give_up_waiting();
    note_missed_ticks();
  }
  cursor_.reset();
  if (!drain_timer_) {
    drain_timer_ = around_.loop.start_timer(now() + scenario().drain, [this] { give_up(); });
  }
  disconnect_when_drained();
}

void Agent::disconnect_when_drained() {
  const bool wants_to =
      wait_ == Wait::drained || state_ == State::leaving || state_ == State::stopping;
  if (wants_to && is_drained() && link_ != Link::connecting && link_ != Link::closing) disconnect();
}

void Agent::disconnect() {
  connect_timer_.reset();
  stream_timer_.reset();
  drain_timer_.reset();
  stream_ = nullptr;
  if (link_ == Link::down) return disconnected();
  link_ = Link::closing;
  if (around_.rollout != nullptr) around_.rollout->closed(plan_.id);
  const auto patience = std::max<mcp::Duration>(scenario().drain, shortest_goodbye);
  const auto deadline = now() + patience;
  if (around_.goodbyes == nullptr) return say_goodbye(deadline);
  around_.goodbyes->enter([this, deadline] { say_goodbye(deadline); });
}

void Agent::say_goodbye(mcp::TimePoint deadline) {
  port_->disconnect(deadline, [this](const Outcome& outcome) {
    around_.recorder.session_closed(outcome.ended, outcome.ended - session_opened_);
    if (around_.goodbyes != nullptr) around_.goodbyes->leave();
    disconnected();
  });
}

void Agent::disconnected() {
  link_ = Link::down;
  lost_at_.reset();
  if (state_ != State::running) return gone();
  resume(Wait::drained);
}

/// The drain time is over.
void Agent::give_up() {
  give_up_waiting();
  open_.each([this](const Open& open) {
    around_.recorder.abandoned(open.request->step, open.intended, open.started, open.held);
  });
  if (around_.under_way != nullptr) around_.under_way->open -= open_.size();
  open_.clear();
  opening_ = 0;
  if (link_ == Link::connecting) {
    around_.recorder.abandoned(Plan::connect_step, connect_intended_, connect_started_);
    link_ = Link::down;
  }
  disconnect_when_drained();
}

void Agent::give_up_waiting() {
  for (const auto& waiting : waiting_) {
    around_.recorder.not_started(waiting.made.request->step, waiting.intended, now(),
                                 now() - waiting.queued);
  }
  waiting_.clear();
  arm_expiry();
}

/// Requests of the phases that the script never came to, since it could not connect: without them
/// a server that is away would have met its rate.
void Agent::note_missed_ticks() {
  if (!scenario().has_rates() || !cursor_) return;
  while (const auto tick = cursor_->next_tick(std::min(now(), ends_))) {
    const auto made = maker_.make(scenario().requests);
    around_.recorder.not_started(made.request->step, *tick, now(), now() - *tick);
  }
}

void Agent::gone() {
  drain_timer_.reset();
  const auto& churn = scenario().agents.churn;
  if (state_ == State::leaving && churn) {
    ++generation_;
    Random pause = around_.plan.random(plan_.id, Purpose::churn, generation_ | (1ULL << 40U));
    const auto back = now() + churn->pause.draw(pause);
    if (back < ends_) {
      state_ = State::absent;
      script_timer_ = around_.loop.start_timer(back, [this] { arrive(); });
      return;
    }
  }
  state_ = State::finished;
  script_timer_.reset();
  end_timer_.reset();
  if (around_.on_finished) around_.on_finished(plan_.id);
}

}  // namespace scenarios
