#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "mcp/io/loop.hpp"

namespace mcp {

/// A loop in virtual time: nothing waits, the clock jumps to the next timer.
class FakeLoop final : public Loop {
 public:
  FakeLoop();
  ~FakeLoop() override;

  TimePoint now() const override { return now_; }
  std::unique_ptr<Handle> start_timer(TimePoint when, Task task) override;
  void post(Task task) override;
  std::unique_ptr<Handle> watch(int descriptor, Interest interest,
                                std::move_only_function<void(Readiness)> callback) override;
  /// Runs what is posted and due; where there is none, jumps to the next timer and runs it, or to
  /// `latest`. With no timer and no `latest` nothing could ever happen: throws std::logic_error.
  void turn(TimePoint latest) override;

  /// Turns until all that is due within `duration` has run; the clock then stands there.
  void advance(Duration duration);
  /// Turns until nothing is posted or due now; time stands still.
  void settle();
  /// Tells every watch of `descriptor` that it is ready, in the next turn.
  void make_ready(int descriptor, Readiness readiness);

  std::size_t timers() const;
  std::size_t watches() const;
  /// When the next timer is due; TimePoint::max() when there is none.
  TimePoint next_timer() const;

 private:
  struct Timer;
  struct Watch;
  class TimerHandle;
  class WatchHandle;

  bool run_due();
  void drop_ended_timers();

  TimePoint now_;
  std::deque<Task> posted_;
  std::multimap<TimePoint, std::shared_ptr<Timer>> timers_;  // shared with the caller's handle
  std::vector<std::weak_ptr<Watch>> watches_;
};

}  // namespace mcp
