#include "scenarios/live_figures.hpp"

#include <algorithm>

namespace scenarios {

void LiveFigures::merge(const LiveFigures& other) {
  asked += other.asked;
  in_flight += other.in_flight;
  requests += other.requests;
  failed += other.failed;
  late += other.late;
  for (std::size_t at = 0; at < failure_count; ++at) failures[at] += other.failures[at];
  sessions += other.sessions;
  sessions_lost += other.sessions_lost;
  sessions_reinitialised += other.sessions_reinitialised;
  connections_cut += other.connections_cut;
  reconnects += other.reconnects;
}

LiveFigures figures_of(const Recording& recording, const UnderWay& under_way) {
  const auto& totals = recording.totals;
  LiveFigures figures{.asked = under_way.asked,
                      .in_flight = under_way.open,
                      .late = totals.late,
                      .sessions_lost = recording.incidents.count(Subject::session),
                      .sessions_reinitialised = totals.sessions_reinitialised,
                      .connections_cut = recording.incidents.count(Subject::connection),
                      .reconnects = totals.reconnects};
  for (const auto& step : recording.by_step) {
    figures.requests += step.requests;
    for (std::size_t at = 0; at < failure_count; ++at) figures.failures[at] += step.failures[at];
  }
  figures.failed = failed_requests(figures.failures);
  const auto opened = totals.sessions_opened + totals.sessions_reinitialised;
  figures.sessions = opened - std::min(opened, totals.sessions_closed + figures.sessions_lost);
  return figures;
}

void LiveLatencies::merge(const LiveLatencies& other) {
  whole.merge(other.whole);
  for (const auto& slot : other.last) {
    const auto place = std::ranges::lower_bound(last, slot.from, {}, &LiveSlot::from);
    if (place == last.end() || place->from != slot.from) {
      last.insert(place, slot);
      continue;
    }
    place->width = std::max(place->width, slot.width);
    place->ended += slot.ended;
    place->latency.merge(slot.latency);
  }
}

LiveLatencies latencies_of(const Recording& recording) {
  LiveLatencies latencies;
  for (const auto& step : recording.by_step) latencies.whole.merge(step.from_intended);
  const auto& slots = recording.timeline.slots();
  const auto width = recording.timeline.width();
  for (std::size_t at = slots.size() - std::min(slots.size(), LiveLatencies::slots);
       at < slots.size(); ++at) {
    LiveSlot slot{.from = width * static_cast<mcp::Duration::rep>(at),
                  .width = width,
                  .ended = slots[at].ended};
    for (const auto& step : slots[at].steps) slot.latency.merge(step.latency);
    latencies.last.push_back(std::move(slot));
  }
  return latencies;
}

Recording totals_of(const Recording& recording) {
  Recording totals;
  totals.steps = recording.steps;
  totals.late_after = recording.late_after;
  totals.ran = recording.ran;
  totals.threads = recording.threads;
  totals.by_step = recording.by_step;
  totals.totals = recording.totals;
  totals.lag = recording.lag;
  totals.time_to_return = recording.time_to_return;
  totals.session_duration = recording.session_duration;
  totals.lost_session_duration = recording.lost_session_duration;
  totals.statuses = recording.statuses;
  totals.incidents = IncidentLog::restore(recording.incidents.counts(), {});
  return totals;
}

}  // namespace scenarios
