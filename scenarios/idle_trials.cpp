#include "scenarios/idle_trials.hpp"

#include <algorithm>
#include <utility>

namespace scenarios {

IdleTrials::IdleTrials(mcp::Loop& loop, Subject subject, const IdleSearch& search,
                       IdleWait::MakePort make_port, OnTrial on_trial)
    : loop_(loop),
      subject_(subject),
      ladder_(search),
      make_port_(std::move(make_port)),
      on_trial_(std::move(on_trial)) {}

IdleTrials::~IdleTrials() = default;

void IdleTrials::start(mcp::Task done) {
  done_ = std::move(done);
  begin_round();
}

void IdleTrials::stop() {
  stopping_ = true;
  // Each may end in it, and the last one ends the round.
  for (const auto& wait : waits_) {
    if (!wait->is_over()) wait->hurry();
  }
}

void IdleTrials::begin_round() {
  waits_.clear();
  round_ends_ = false;
  const auto round = stopping_ ? std::vector<mcp::Duration>() : ladder_.next_round();
  open_ = round.size();
  if (round.empty()) return done_();
  for (const auto wait : round) {
    waits_.push_back(std::make_unique<IdleWait>(loop_, subject_, wait, make_port_));
    auto* started = waits_.back().get();
    started->start(
        [this, started](const std::optional<IdleTrial>& trial) { took(*started, trial); });
  }
}

void IdleTrials::took(const IdleWait& wait, const std::optional<IdleTrial>& trial) {
  --open_;
  if (trial) {
    if (on_trial_) on_trial_(subject_, *trial);
    ladder_.add(*trial);
  } else if (wait.problem()) {
    ++failed_;
    problem_ = wait.problem();
  }
  if (!round_ends_ && !stopping_ && ladder_.round_is_over()) {
    round_ends_ = true;
    for (const auto& each : waits_) {
      if (!each->is_over()) each->give_up();
    }
  }
  if (open_ > 0) return;
  const bool hopeless = ladder_.result().trials == 0;
  // Not at once: the wait that has ended is the one that is calling.
  next_ = loop_.start_timer(loop_.now(), [this, hopeless] {
    if (!hopeless) return begin_round();
    waits_.clear();
    done_();
  });
}

}  // namespace scenarios
