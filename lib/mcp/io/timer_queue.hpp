#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "mcp/io/loop.hpp"

namespace mcp {

/// A loop's timers, in the order of their moments. It does not wait; the loop runs what is due.
class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  /// Tasks go with the queue, and may own timers of it.
  ~TimerQueue() { clear(); }

  std::unique_ptr<Handle> start(TimePoint when, Task task);
  /// Of the next one; TimePoint::max() when there is none.
  TimePoint earliest() const {
    return entries_.empty() ? TimePoint::max() : entries_.begin()->first;
  }
  /// How many were ever started.
  std::uint64_t count() const { return count_; }
  /// Runs what is due at `now`, but nothing that was started as the `before`th or later.
  void run(TimePoint now, std::uint64_t before);
  void clear();

 private:
  class Entry;
  struct Timer {
    Task task;
    std::uint64_t number = 0;
    Entry* entry = nullptr;
  };
  std::multimap<TimePoint, Timer> entries_;
  std::uint64_t count_ = 0;
};

}  // namespace mcp
