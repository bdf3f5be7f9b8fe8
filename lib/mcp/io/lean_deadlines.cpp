#include "mcp/io/lean_deadlines.hpp"

#include <algorithm>

namespace mcp {

void LeanDeadlines::add(LeanDeadline& entry) {
  if (entry.deadline == TimePoint::max()) return;
  entry.place_ = entries_.size();
  entries_.push_back(&entry);
  if (entry.deadline < armed_) arm(entry.deadline);
}

void LeanDeadlines::remove(LeanDeadline& entry) {
  std::ranges::replace(due_, &entry, nullptr);
  if (entry.place_ == LeanDeadline::none) return;
  entries_[entry.place_] = entries_.back();
  entries_[entry.place_]->place_ = entry.place_;
  entries_.pop_back();
  entry.place_ = LeanDeadline::none;
}

void LeanDeadlines::arm(TimePoint when) {
  armed_ = when;
  timer_ = loop_.start_timer(when, [this] { fire(); });
}

void LeanDeadlines::fire() {
  const auto now = loop_.now();
  armed_ = TimePoint::max();
  auto earliest = TimePoint::max();
  for (std::size_t i = 0; i < entries_.size();) {
    auto& entry = *entries_[i];
    if (entry.deadline <= now) {
      remove(entry);  // another one takes its place
      due_.push_back(&entry);
    } else {
      earliest = std::min(earliest, entry.deadline);
      ++i;
    }
  }
  if (earliest != TimePoint::max()) arm(earliest);
  const std::weak_ptr<bool> alive = alive_;
  while (!alive.expired() && !due_.empty()) {
    auto* entry = due_.back();
    due_.pop_back();
    if (entry) entry->on_deadline();
  }
}

}  // namespace mcp
