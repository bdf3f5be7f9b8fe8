#include "scenarios/script_cursor.hpp"

#include <algorithm>

namespace scenarios {

ScriptCursor::ScriptCursor(const Plan& plan, AgentId agent, std::uint64_t generation,
                           mcp::TimePoint run_start, mcp::TimePoint arrival)
    : plan_(plan),
      arrival_(arrival),
      phases_start_(run_start + plan.phases_start()),
      clock_(arrival),
      timing_(plan.random(agent, Purpose::timing, generation)),
      ticks_(plan.pacer(agent)),
      frames_{{.steps = &plan.scenario().script, .rounds_left = 0}} {}

const ScriptCursor::Item* ScriptCursor::peek() {
  while (!item_) {
    if (burst_) {
      go_on_with_burst();
    } else if (in_phases_) {
      go_on_with_phases();
    } else if (const auto* step = next_step()) {
      begin(*step);
    } else {
      return nullptr;
    }
  }
  return &*item_;
}

const ScriptStep* ScriptCursor::next_step() {
  while (!frames_.empty()) {
    auto& frame = frames_.back();
    if (frame.next < frame.steps->size()) return &(*frame.steps)[frame.next++];
    if (frame.rounds_left && *frame.rounds_left == 0) {
      frames_.pop_back();
      continue;
    }
    if (frame.rounds_left) --*frame.rounds_left;
    frame.next = 0;
  }
  return nullptr;
}

void ScriptCursor::begin(const ScriptStep& step) {
  std::visit([this](const auto& action) { begin(action); }, step.action);
}

void ScriptCursor::begin(const Burst& action) {
  burst_ = OpenBurst{.burst = &action, .pacer = BurstPacer(action), .start = clock_};
}

void ScriptCursor::begin(const Idle& action) {
  const Note note{.activity = Activity::idle, .from = clock_};
  clock_ += action.time.draw(timing_);
  item_ = Item{clock_, note};
}

void ScriptCursor::begin(const Pace& /*action*/) {
  in_phases_ = true;
}

void ScriptCursor::begin(const Repeat& action) {
  const auto left = action.times ? std::optional(*action.times - 1) : std::nullopt;
  frames_.push_back({.steps = &action.steps, .rounds_left = left});
}

void ScriptCursor::go_on_with_burst() {
  if (const auto after = burst_->pacer.next(timing_)) {
    item_ = Item{burst_->start + *after, Fire{mix_of(burst_->burst->mix)}};
    return;
  }
  clock_ = std::max(clock_, burst_->start + burst_->burst->over);
  item_ = Item{clock_, Note{.activity = Activity::burst, .from = burst_->start}};
  burst_.reset();
}

void ScriptCursor::go_on_with_phases() {
  if (const auto tick = next_tick(mcp::TimePoint::max())) {
    item_ = Item{*tick, Fire{&plan_.scenario().requests}};
    return;
  }
  in_phases_ = false;
  clock_ = std::max(clock_, phases_start_ + plan_.timetable().length());
}

std::optional<ScriptCursor::Note> ScriptCursor::under_way() const {
  if (burst_) return Note{.activity = Activity::burst, .from = burst_->start};
  if (item_ && std::holds_alternative<Note>(item_->what)) return std::get<Note>(item_->what);
  return std::nullopt;
}

std::optional<mcp::TimePoint> ScriptCursor::next_tick(mcp::TimePoint until) {
  while (const auto after = ticks_.next()) {
    const auto due = phases_start_ + *after;
    if (due >= until) return std::nullopt;
    // Before this agent came, its ticks were another's or nobody's.
    if (due >= arrival_) return due;
  }
  return std::nullopt;
}

}  // namespace scenarios
