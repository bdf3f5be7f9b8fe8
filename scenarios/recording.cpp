#include "scenarios/recording.hpp"

#include <algorithm>
#include <stdexcept>

namespace scenarios {

void StepTotals::merge(const StepTotals& other) {
  requests += other.requests;
  abandoned += other.abandoned;
  not_started += other.not_started;
  for (std::size_t at = 0; at < failure_count; ++at) failures[at] += other.failures[at];
  from_intended.merge(other.from_intended);
  from_start.merge(other.from_start);
  for (const auto& [failure, histogram] : other.failed_from_start)
    failed_from_start[failure].merge(histogram);
}

void Totals::merge(const Totals& other) {
  answered_in_time += other.answered_in_time;
  sessions_opened += other.sessions_opened;
  sessions_closed += other.sessions_closed;
  sessions_reinitialised += other.sessions_reinitialised;
  connections_made += other.connections_made;
  reconnects += other.reconnects;
  server_requests += other.server_requests;
  late += other.late;
}

void Recording::merge(const Recording& other) {
  if (other.threads == 0) return;
  if (threads == 0) {
    *this = other;
    return;
  }
  if (steps != other.steps || late_after != other.late_after)
    throw std::logic_error("recordings of different plans");
  ran = std::max(ran, other.ran);
  threads += other.threads;
  for (std::size_t step = 0; step < by_step.size(); ++step)
    by_step[step].merge(other.by_step[step]);
  totals.merge(other.totals);
  lag.merge(other.lag);
  time_to_return.merge(other.time_to_return);
  session_duration.merge(other.session_duration);
  lost_session_duration.merge(other.lost_session_duration);
  longest_idle = std::max(longest_idle, other.longest_idle);
  for (const auto& [status, count] : other.statuses) statuses[status] += count;
  incidents.merge(other.incidents);
  timeline.merge(other.timeline);
  activity.merge(other.activity);
  if (other.followed && followed) followed->merge(*other.followed);
  if (!followed) followed = other.followed;
}

std::size_t Recording::bytes() const {
  std::size_t bytes = sizeof *this + lag.bytes() + time_to_return.bytes() + timeline.bytes();
  bytes += session_duration.bytes() + lost_session_duration.bytes();
  for (const auto& step : by_step) {
    bytes += step.from_intended.bytes() + step.from_start.bytes();
    for (const auto& [failure, histogram] : step.failed_from_start) bytes += histogram.bytes();
  }
  bytes += incidents.first().capacity() * sizeof(Incident);
  if (followed) bytes += followed->losses.capacity() * sizeof(SessionLoss);
  for (const auto& agent : activity.sampled())
    bytes += agent.intervals.capacity() * sizeof(Interval);
  return bytes;
}

}  // namespace scenarios
