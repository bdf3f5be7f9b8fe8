#include "scenarios/recorder.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace scenarios {
namespace {

std::uint64_t micros(mcp::Duration duration) {
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  return whole < 0 ? 0 : static_cast<std::uint64_t>(whole);
}

}  // namespace

Recorder::Recorder(RecorderOptions options) : start_(options.start) {
  recording_.steps = std::move(options.steps);
  recording_.late_after = options.late_after;
  recording_.threads = 1;
  recording_.by_step.resize(recording_.steps.size());
}

void Recorder::count_start(mcp::TimePoint intended, mcp::Duration lag) {
  recording_.lag.add(micros(lag));
  Slot& wanted = slot(intended);
  ++wanted.intended;
  if (lag <= recording_.late_after) return;
  ++wanted.late;
  ++recording_.totals.late;
}

void Recorder::request(const Sample& sample) {
  StepTotals& step = recording_.by_step.at(sample.step);
  ++step.requests;
  count_start(sample.intended, sample.started - sample.intended - sample.held);
  ++slot(sample.started).started;
  if (counts_as_latency(sample.failure)) {
    const std::uint64_t waited = micros(sample.ended - sample.intended);
    step.from_intended.add(waited);
    step.from_start.add(micros(sample.ended - sample.started));
    recording_.timeline.latency(sample.intended - start_, sample.step).add(waited);
  }
  Slot& last = slot(sample.ended);
  ++last.ended;
  if (!sample.failure) {
    ++last.answered;
    recording_.longest_idle = std::max(recording_.longest_idle, sample.idle);
    if (!ended_ || sample.ended - start_ <= recording_.ran) ++recording_.totals.answered_in_time;
    return;
  }
  step.failed_from_start[*sample.failure].add(micros(sample.ended - sample.started));
  const std::size_t failure = index_of(*sample.failure);
  ++step.failures.at(failure);
  ++slot(sample.intended).failures[failure];
  if (sample.http_status != 0) ++recording_.statuses[std::clamp(sample.http_status, 0, 999)];
}

void Recorder::abandoned(StepId step, mcp::TimePoint intended, mcp::TimePoint started,
                         mcp::Duration held) {
  ++recording_.by_step.at(step).abandoned;
  count_start(intended, started - intended - held);
  ++slot(started).started;
}

void Recorder::not_started(StepId step, mcp::TimePoint intended, mcp::TimePoint at,
                           mcp::Duration held) {
  ++recording_.by_step.at(step).not_started;
  count_start(intended, at - intended - held);
}

void Recorder::stray(Failure kind, StepId step, mcp::TimePoint at) {
  if (!is_stray(kind)) throw std::logic_error("a request's failure is no stray message");
  ++recording_.by_step.at(step).failures[index_of(kind)];
  ++slot(at).failures[index_of(kind)];
}

void Recorder::session_opened(mcp::TimePoint at) {
  ++recording_.totals.sessions_opened;
  ++slot(at).sessions_opened;
}

void Recorder::session_closed(mcp::TimePoint at, mcp::Duration lasted) {
  ++recording_.totals.sessions_closed;
  recording_.session_duration.add(micros(lasted));
  ++slot(at).sessions_closed;
}

void Recorder::session_reinitialised(mcp::TimePoint lost_at, mcp::TimePoint at) {
  ++recording_.totals.sessions_reinitialised;
  ++slot(at).sessions_reinitialised;
  recording_.time_to_return.add(micros(at - lost_at));
}

void Recorder::connection_made(mcp::TimePoint at) {
  ++recording_.totals.connections_made;
  ++slot(at).connections_made;
}

void Recorder::reconnected(mcp::TimePoint at) {
  ++recording_.totals.reconnects;
  ++slot(at).reconnects;
}

void Recorder::cut(const Cut& cut) {
  recording_.incidents.add(Incident{.at = cut.at - start_,
                                    .agent = cut.agent,
                                    .subject = cut.subject,
                                    .by = cut.by,
                                    .http_status = std::clamp(cut.http_status, 0, 999),
                                    .idle = cut.idle,
                                    .keep_alive_seen = cut.keep_alive_seen,
                                    .age = cut.age,
                                    .answers = cut.answers});
  Slot& when = slot(cut.at);
  switch (cut.subject) {
    case Subject::session:
      ++when.sessions_lost;
      recording_.lost_session_duration.add(micros(cut.age));
      break;
    case Subject::connection:
      ++when.connections_cut;
      break;
    case Subject::stream:
      ++when.streams_cut;
      break;
  }
}

void Recorder::server_request_answered(mcp::TimePoint at) {
  ++recording_.totals.server_requests;
  ++slot(at).server_requests;
}

void Recorder::activity(AgentId agent, Activity activity, mcp::TimePoint from, mcp::TimePoint to) {
  recording_.activity.add(agent,
                          Interval{.from = from - start_, .to = to - start_, .activity = activity});
}

void Recorder::cpu(mcp::TimePoint from, mcp::TimePoint to, mcp::Duration used) {
  if (to <= from) return;
  Slot& when = slot(from);
  when.cpu_micros += micros(used);
  when.cpu_permille = std::max(when.cpu_permille,
                               micros(used) * 1000 / std::max<std::uint64_t>(1, micros(to - from)));
}

void Recorder::schedule_ended(mcp::TimePoint at) {
  recording_.ran = at - start_;
  ended_ = true;
}

}  // namespace scenarios
