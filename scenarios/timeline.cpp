#include "scenarios/timeline.hpp"

#include <algorithm>

namespace scenarios {

Histogram& Slot::latency(StepId step) {
  const auto place =
      std::lower_bound(steps.begin(), steps.end(), step,
                       [](const StepSlot& slot, StepId wanted) { return slot.step < wanted; });
  if (place != steps.end() && place->step == step) return place->latency;
  return steps.insert(place, StepSlot{.step = step})->latency;
}

void Slot::merge(const Slot& other) {
  intended += other.intended;
  started += other.started;
  answered += other.answered;
  ended += other.ended;
  late += other.late;
  for (std::size_t at = 0; at < failure_count; ++at) failures[at] += other.failures[at];
  sessions_opened += other.sessions_opened;
  sessions_closed += other.sessions_closed;
  sessions_lost += other.sessions_lost;
  sessions_reinitialised += other.sessions_reinitialised;
  connections_made += other.connections_made;
  reconnects += other.reconnects;
  connections_cut += other.connections_cut;
  streams_cut += other.streams_cut;
  server_requests += other.server_requests;
  cpu_micros += other.cpu_micros;
  cpu_permille = std::max(cpu_permille, other.cpu_permille);
  for (const auto& step : other.steps) latency(step.step).merge(step.latency);
}

Slot& Timeline::at(mcp::Duration time) {
  const auto index_at = [&] {
    return time.count() < 0 ? std::size_t{0} : static_cast<std::size_t>(time / width_);
  };
  while (index_at() >= limit_) coarsen();
  const std::size_t index = index_at();
  if (index >= slots_.size()) slots_.resize(index + 1);
  return slots_[index];
}

Histogram& Timeline::latency(mcp::Duration time, StepId step) {
  Slot* slot = &at(time);
  const std::size_t before = slot->steps.size();
  Histogram* found = &slot->latency(step);
  if (slot->steps.size() == before) return *found;
  ++histograms_;
  if (!shrink()) return *found;
  return at(time).latency(step);
}

void Timeline::merge(const Timeline& other) {
  while (width_ < other.width_) coarsen();
  for (std::size_t index = 0; index < other.slots_.size(); ++index) {
    at(other.width_ * static_cast<mcp::Duration::rep>(index)).merge(other.slots_[index]);
  }
  histograms_ = used();
  shrink();
}

Timeline Timeline::restore(mcp::Duration width, std::vector<Slot> slots) {
  Timeline timeline;
  timeline.width_ = width;
  timeline.slots_ = std::move(slots);
  timeline.histograms_ = timeline.used();
  return timeline;
}

bool Timeline::shrink() {
  bool shrunk = false;
  while (histograms_ > limit_ && slots_.size() > 1) {
    coarsen();
    shrunk = true;
  }
  return shrunk;
}

void Timeline::coarsen() {
  for (std::size_t index = 1; index < slots_.size(); ++index) {
    if (index % 2 == 1)
      slots_[index / 2].merge(slots_[index]);
    else
      slots_[index / 2] = std::move(slots_[index]);
  }
  slots_.resize((slots_.size() + 1) / 2);
  width_ *= 2;
  histograms_ = used();
}

std::size_t Timeline::used() const {
  std::size_t used = 0;
  for (const auto& slot : slots_) used += slot.steps.size();
  return used;
}

std::size_t Timeline::bytes() const {
  std::size_t bytes = sizeof *this + slots_.capacity() * sizeof(Slot);
  for (const auto& slot : slots_)
    for (const auto& step : slot.steps)
      bytes += sizeof step - sizeof step.latency + step.latency.bytes();
  return bytes;
}

}  // namespace scenarios
