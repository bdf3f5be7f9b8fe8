#include "tests/fakes/fake_loop.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mcp {

struct FakeLoop::Timer {
  Task task;
  bool ended = false;
};

struct FakeLoop::Watch {
  int descriptor = -1;
  Interest interest = Interest::read;
  std::move_only_function<void(Readiness)> callback;
  bool ended = false;
};

class FakeLoop::TimerHandle final : public Handle {
 public:
  explicit TimerHandle(std::shared_ptr<Timer> timer) : timer_(std::move(timer)) {}
  ~TimerHandle() override { timer_->ended = true; }

 private:
  std::shared_ptr<Timer> timer_;
};

class FakeLoop::WatchHandle final : public Handle {
 public:
  explicit WatchHandle(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
  ~WatchHandle() override { watch_->ended = true; }

 private:
  std::shared_ptr<Watch> watch_;
};

// Far from the epoch, so that a test may also name moments before the start.
FakeLoop::FakeLoop() : now_(std::chrono::hours(1000)) {}
FakeLoop::~FakeLoop() = default;

std::unique_ptr<Handle> FakeLoop::start_timer(TimePoint when, Task task) {
  auto timer = std::make_shared<Timer>(Timer{.task = std::move(task)});
  timers_.emplace(when, timer);
  return std::make_unique<TimerHandle>(std::move(timer));
}

void FakeLoop::post(Task task) {
  posted_.push_back(std::move(task));
}

std::unique_ptr<Handle> FakeLoop::watch(int descriptor, Interest interest,
                                        std::move_only_function<void(Readiness)> callback) {
  auto watch = std::make_shared<Watch>(
      Watch{.descriptor = descriptor, .interest = interest, .callback = std::move(callback)});
  watches_.push_back(watch);
  return std::make_unique<WatchHandle>(std::move(watch));
}

bool FakeLoop::run_due() {
  bool ran = !posted_.empty();
  for (auto tasks = std::exchange(posted_, {}); !tasks.empty();) {
    auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
  }
  for (drop_ended_timers(); !timers_.empty() && timers_.begin()->first <= now_;
       drop_ended_timers()) {
    const auto timer = timers_.begin()->second;
    timers_.erase(timers_.begin());
    timer->task();
    ran = true;
  }
  return ran;
}

void FakeLoop::turn(TimePoint latest) {
  if (run_due()) return;
  const auto next = std::min(latest, next_timer());
  if (next == TimePoint::max()) {
    throw std::logic_error("FakeLoop: nothing is posted and no timer runs: this waits for ever");
  }
  now_ = std::max(now_, next);
  run_due();
}

void FakeLoop::advance(Duration duration) {
  const auto end = now_ + duration;
  while (now_ < end) turn(end);
  settle();
}

void FakeLoop::settle() {
  while (run_due()) {
  }
}

void FakeLoop::make_ready(int descriptor, Readiness readiness) {
  for (const auto& entry : watches_) {
    const auto watch = entry.lock();
    if (!watch || watch->ended || watch->descriptor != descriptor) continue;
    post([watch, readiness] {
      if (!watch->ended) watch->callback(readiness);
    });
  }
}

void FakeLoop::drop_ended_timers() {
  std::erase_if(timers_, [](const auto& entry) { return entry.second->ended; });
}

std::size_t FakeLoop::timers() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(timers_, [](const auto& entry) { return !entry.second->ended; }));
}

std::size_t FakeLoop::watches() const {
  return static_cast<std::size_t>(std::ranges::count_if(watches_, [](const auto& entry) {
    const auto watch = entry.lock();
    return watch && !watch->ended;
  }));
}

TimePoint FakeLoop::next_timer() const {
  for (const auto& [when, timer] : timers_) {
    if (!timer->ended) return when;
  }
  return TimePoint::max();
}

}  // namespace mcp
