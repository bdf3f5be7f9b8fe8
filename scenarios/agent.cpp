#include "scenarios/agent.hpp"

#include <algorithm>

namespace scenarios {

Agent::Agent(const AgentSurroundings& surroundings, AgentPlan plan, const MakePort& make_port)
    : around_(surroundings),
      plan_(plan),
      ends_(surroundings.plan.ends() == mcp::Duration::max()
                ? mcp::TimePoint::max()
                : surroundings.run_start + surroundings.plan.ends()),
      maker_(surroundings.plan, plan.id, surroundings.samples),
      port_(make_port(plan.id, *this)) {}

Agent::~Agent() = default;

void Agent::start() {
  script_timer_ = around_.loop.start_timer(around_.run_start + plan_.arrives, [this] { arrive(); });
  if (ends_ == mcp::TimePoint::max()) return;
  end_timer_ = around_.loop.start_timer(ends_, [this] {
    // What is due before the end and could not be handed over yet still is.
    if (state_ == State::running && wait_ == Wait::nothing) go_on();
    stop();
  });
}

void Agent::arrive() {
  state_ = State::running;
  const auto arrival = generation_ == 0 ? around_.run_start + plan_.arrives : now();
  if (const auto& churn = scenario().agents.churn) {
    Random lifetime = around_.plan.random(plan_.id, Purpose::churn, generation_);
    leaves_ = arrival + churn->lifetime.draw(lifetime);
  }
  cursor_.emplace(around_.plan, plan_.id, generation_, around_.run_start, arrival);
  go_on();
}

void Agent::go_on() {
  const auto limit = std::min(ends_, leaves_);
  while (state_ == State::running && wait_ == Wait::nothing) {
    const auto* next = cursor_->peek();
    if (next == nullptr || (next->due >= limit && now() >= limit)) return come_to_limit();
    const auto due = std::min(next->due, limit);
    if (due > now() || next->due >= limit) {
      script_timer_ = around_.loop.start_timer(due, [this] { go_on(); });
      return;
    }
    const auto item = *next;
    cursor_->pop();
    if (!perform(item)) return;
  }
}

/// The script, the agent's life or the run has ended.
void Agent::come_to_limit() {
  state_ = now() < ends_ ? State::leaving : State::stopping;
  wind_down();
}

bool Agent::perform(const ScriptCursor::Item& item) {
  return std::visit([&](const auto& action) { return perform(item.due, action); }, item.what);
}

bool Agent::perform(mcp::TimePoint due, const Connect& /*action*/) {
  if (link_ == Link::up) return true;
  wait_ = Wait::connected;
  connect(is_closed_loop() ? now() : due);
  return false;
}

bool Agent::perform(mcp::TimePoint /*due*/, const Disconnect& /*action*/) {
  wait_ = Wait::drained;
  disconnect_when_drained();
  return false;
}

bool Agent::perform(mcp::TimePoint due, const ScriptCursor::Fire& fire) {
  if (!is_closed_loop()) {
    ask_for(*fire.mix, due);
    return true;
  }
  wait_ = Wait::answered;
  ask_for(*fire.mix, now());
  return false;
}

bool Agent::perform(mcp::TimePoint due, const ScriptCursor::Note& note) {
  around_.recorder.activity(plan_.id, note.activity, note.from, due);
  return true;
}

void Agent::resume(Wait reason) {
  if (wait_ != reason) return;
  wait_ = Wait::nothing;
  cursor_->resume_at(now());
  go_on();
}

void Agent::note_under_way() {
  const auto note = cursor_ ? cursor_->under_way() : std::nullopt;
  if (note && note->from < now()) {
    around_.recorder.activity(plan_.id, note->activity, note->from, std::min(now(), ends_));
  }
}

}  // namespace scenarios
