#include "probes/sidecar/readiness.hpp"

#include <fmt/format.h>

#include <utility>

namespace probes::sidecar {

std::string_view to_string(State state) {
  switch (state) {
    case State::starting:
      return "starting";
    case State::ready:
      return "ready";
    case State::degraded:
      return "degraded";
    case State::draining:
      return "draining";
    case State::stopped:
      return "stopped";
  }
  std::unreachable();
}

Readiness::Readiness(Thresholds thresholds, DrainReadiness while_draining, mcp::TimePoint now)
    : thresholds_(thresholds), while_draining_(while_draining), begin_(now), since_(now) {}

void Readiness::observe(Sign sign, std::string reason, mcp::TimePoint now) {
  last_sign_ = now;
  count(sign, now);
  if (sign == Sign::down) down_reason_ = reason;
  if (state_ == State::draining || state_ == State::stopped) return;
  if (state_ != State::ready && sign == Sign::good && successes_ >= thresholds_.success) {
    was_ready_ = true;
    return enter(State::ready, std::move(reason), now);
  }
  const bool failed = sign == Sign::bad || sign == Sign::down;
  if (state_ == State::ready && failed && failures_ >= thresholds_.failure) {
    return enter(State::degraded, std::move(reason), now);
  }
  // What made a server degraded stays its reason until it has shown that it is well again, except
  // for a newer failure; a ready one's is what was seen last.
  if (state_ == State::degraded && !failed) return;
  reason_ = std::move(reason);
}

void Readiness::count(Sign sign, mcp::TimePoint now) {
  if (sign == Sign::neutral) {
    downs_ = 0;
    return;
  }
  const bool good = sign == Sign::good;
  successes_ = good ? successes_ + 1 : 0;
  failures_ = good ? 0 : failures_ + 1;
  // A server that was ready once has started: the grace is for those that still do.
  const bool in_grace = !was_ready_ && now < begin_ + thresholds_.startup_grace;
  downs_ = sign == Sign::down && !in_grace ? downs_ + 1 : 0;
}

void Readiness::drain(mcp::TimePoint now) {
  if (state_ == State::draining || state_ == State::stopped) return;
  enter(State::draining, "asked to drain", now);
}

void Readiness::stop(mcp::TimePoint now) {
  if (state_ == State::stopped) return;
  enter(State::stopped, "asked to stop", now);
}

void Readiness::enter(State state, std::string reason, mcp::TimePoint now) {
  state_ = state;
  since_ = now;
  reason_ = std::move(reason);
}

Answer Readiness::ready(mcp::TimePoint now) const {
  switch (state_) {
    case State::starting:
      return {.ok = false, .reason = "starting: " + reason_};
    case State::degraded:
      return {.ok = false,
              .reason =
                  fmt::format("degraded for {}: {}", mcp::format_duration(now - since_), reason_)};
    case State::draining:
      return {.ok = while_draining_ == DrainReadiness::ok, .reason = "draining"};
    case State::stopped:
      return {.ok = false, .reason = "stopped"};
    case State::ready:
      break;
  }
  const auto age = now - last_sign_.value_or(begin_);
  if (age <= thresholds_.stale_after) return {.ok = true, .reason = reason_};
  return {.ok = false,
          .reason = fmt::format("no probe has ended for {}: the last verdict is too old",
                                mcp::format_duration(age))};
}

Answer Readiness::live(mcp::TimePoint /*now*/) const {
  if (state_ == State::stopped || downs_ < thresholds_.liveness) return {.ok = true, .reason = {}};
  return {.ok = false,
          .reason = fmt::format("{} probes in a row got no answer: {}", downs_, down_reason_)};
}

Answer Readiness::started(mcp::TimePoint now) const {
  if (was_ready_) return {.ok = true, .reason = {}};
  return {.ok = false,
          .reason =
              fmt::format("not ready once in {}: {}", mcp::format_duration(now - begin_), reason_)};
}

}  // namespace probes::sidecar
