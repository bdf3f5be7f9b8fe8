#include "mcp/io/timer_queue.hpp"

#include <utility>

namespace mcp {

/// Holds the timer's place while it waits; the queue clears it when the timer fires.
class TimerQueue::Entry final : public Handle {
 public:
  Entry(TimerQueue& queue, std::multimap<TimePoint, Timer>::iterator place)
      : queue_(queue), place_(place) {
    place_->second.entry = this;
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() override {
    if (!pending_) return;
    // The task may own other handles: it must go after the timer has left the map.
    const auto node = queue_.entries_.extract(place_);
  }
  void end() { pending_ = false; }

 private:
  TimerQueue& queue_;
  std::multimap<TimePoint, Timer>::iterator place_;
  bool pending_ = true;
};

std::unique_ptr<Handle> TimerQueue::start(TimePoint when, Task task) {
  const auto place = entries_.emplace(when, Timer{.task = std::move(task), .number = count_++});
  return std::make_unique<Entry>(*this, place);
}

void TimerQueue::run(TimePoint now, std::uint64_t before) {
  while (!entries_.empty()) {
    const auto first = entries_.begin();
    if (first->first > now || first->second.number >= before) return;
    auto node = entries_.extract(first);
    node.mapped().entry->end();
    node.mapped().task();
  }
}

void TimerQueue::clear() {
  while (!entries_.empty()) {
    const auto node = entries_.extract(entries_.begin());
    node.mapped().entry->end();
  }
}

}  // namespace mcp
