#include <sys/epoll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "mcp/io/descriptor.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/io/timer_queue.hpp"

namespace mcp {
namespace {

class EpollLoop;

/// One watched descriptor. The kernel holds its address, so it goes only when no event that was
/// fetched can still name it.
struct Watch {
  int descriptor = -1;
  Interest interest = Interest::read;
  std::move_only_function<void(Readiness)> callback;
  bool registered = false;
  bool broken = false;  // no descriptor; what is only not registered is a regular file
  bool ended = false;
};

class WatchHandle final : public Handle {
 public:
  WatchHandle(EpollLoop& loop, std::unique_ptr<Watch> watch)
      : loop_(loop), watch_(std::move(watch)) {}
  WatchHandle(const WatchHandle&) = delete;
  WatchHandle& operator=(const WatchHandle&) = delete;
  ~WatchHandle() override;

 private:
  EpollLoop& loop_;
  std::unique_ptr<Watch> watch_;
};

/// Level-triggered, so that what is left unread calls back in the next turn.
class EpollLoop final : public Loop {
 public:
  EpollLoop();
  EpollLoop(const EpollLoop&) = delete;
  EpollLoop& operator=(const EpollLoop&) = delete;
  ~EpollLoop() override;

  TimePoint now() const override { return now_; }
  std::unique_ptr<Handle> start_timer(TimePoint when, Task task) override;
  void post(Task task) override { posted_.push_back(std::move(task)); }
  std::unique_ptr<Handle> watch(int descriptor, Interest interest,
                                std::move_only_function<void(Readiness)> callback) override;
  void turn(TimePoint latest) override;

  void end(std::unique_ptr<Watch> watch);

 private:
  bool enter(Watch& watch);
  void run_posted();
  void wait_until(TimePoint latest);
  int fetch(Duration patience);
  void dispatch(int count);
  void call(Watch& watch, Readiness ready);
  void call_unpollable();
  void begin_callback() {
    if (!std::exchange(progress_, true)) now_ = Clock::now();
  }

  Descriptor epoll_;
  TimePoint now_;
  bool progress_ = false;
  bool calling_ = false;
  std::size_t watched_ = 0;
  TimerQueue timers_;
  std::deque<Task> posted_;
  std::array<epoll_event, 256> events_{};
  std::vector<Watch*> unpollable_;  // regular files, always ready, and what is no descriptor
  std::vector<std::unique_ptr<Watch>> ended_;
};

WatchHandle::~WatchHandle() {
  loop_.end(std::move(watch_));
}

EpollLoop::EpollLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), now_(Clock::now()) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  // The kernel may end this thread's waits 50 us late, to join them with others; a refusal leaves
  // it so.
  ::prctl(PR_SET_TIMERSLACK, 1UL);
}

EpollLoop::~EpollLoop() {
  // What is destroyed here may own handles of this loop, or post once more.
  while (!posted_.empty()) std::exchange(posted_, {}).clear();
  timers_.clear();
}

std::unique_ptr<Handle> EpollLoop::start_timer(TimePoint when, Task task) {
  // Past moments count as this turn's, so that what is started now runs after what waited longer.
  return timers_.start(std::max(when, now_), std::move(task));
}

std::unique_ptr<Handle> EpollLoop::watch(int descriptor, Interest interest,
                                         std::move_only_function<void(Readiness)> callback) {
  auto watch = std::make_unique<Watch>(
      Watch{.descriptor = descriptor, .interest = interest, .callback = std::move(callback)});
  watch->registered = enter(*watch);
  if (!watch->registered) unpollable_.push_back(watch.get());
  ++watched_;
  return std::make_unique<WatchHandle>(*this, std::move(watch));
}

bool EpollLoop::enter(Watch& watch) {
  epoll_event event{};
  if (watch.interest != Interest::write) event.events |= EPOLLIN | EPOLLRDHUP;
  if (watch.interest != Interest::read) event.events |= EPOLLOUT;
  event.data.ptr = &watch;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, watch.descriptor, &event) == 0) return true;
  watch.broken = errno != EPERM;
  return false;
}

void EpollLoop::end(std::unique_ptr<Watch> watch) {
  --watched_;
  watch->ended = true;
  if (watch->registered) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, watch->descriptor, nullptr);
  } else {
    std::ranges::replace(unpollable_, watch.get(), nullptr);
  }
  if (calling_) ended_.push_back(std::move(watch));
}

void EpollLoop::turn(TimePoint latest) {
  progress_ = false;
  const auto timers_before = timers_.count();
  if (posted_.empty()) {
    wait_until(latest);
  } else {
    run_posted();
    dispatch(fetch(Duration::zero()));
  }
  call_unpollable();
  if (!progress_) now_ = Clock::now();
  timers_.run(now_, timers_before);
}

void EpollLoop::run_posted() {
  begin_callback();
  for (auto tasks = std::exchange(posted_, {}); !tasks.empty();) {
    auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
  }
}

void EpollLoop::wait_until(TimePoint latest) {
  const auto limit = unpollable_.empty() ? std::min(latest, timers_.earliest()) : now_;
  if (limit == TimePoint::max() && watched_ == 0) {
    throw std::logic_error("loop: nothing is watched and no timer runs: this waits for ever");
  }
  Duration left = Duration::max();
  do {
    if (limit != TimePoint::max()) left = std::max(limit - Clock::now(), Duration::zero());
    dispatch(fetch(left));
  } while (!progress_ && left > Duration::zero());
}

int EpollLoop::fetch(Duration patience) {
  using std::chrono::duration_cast;
  const auto seconds = duration_cast<std::chrono::seconds>(patience);
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = (patience - seconds).count()};
  const auto* limit = patience == Duration::max() ? nullptr : &time;
  const auto room = static_cast<int>(events_.size());
  const int count = patience == Duration::zero()
                        ? ::epoll_wait(epoll_.get(), events_.data(), room, 0)
                        : ::epoll_pwait2(epoll_.get(), events_.data(), room, limit, nullptr);
  if (count < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "epoll_pwait2");
  }
  return std::max(count, 0);
}

void EpollLoop::dispatch(int count) {
  calling_ = true;
  for (int i = 0; i < count; ++i) {
    const auto& event = events_[static_cast<std::size_t>(i)];
    // With thousands of descriptors the next watch is in no cache: have it fetched meanwhile.
    if (i + 1 < count) __builtin_prefetch(events_[static_cast<std::size_t>(i + 1)].data.ptr);
    const auto bits = event.events;
    auto& watch = *static_cast<Watch*>(event.data.ptr);
    // A descriptor that has failed is ready for both: reading or writing tells how.
    const bool ended = (bits & (EPOLLHUP | EPOLLERR)) != 0;
    call(watch,
         {.readable =
              (ended || (bits & (EPOLLIN | EPOLLRDHUP)) != 0) && watch.interest != Interest::write,
          .writable = (ended || (bits & EPOLLOUT) != 0) && watch.interest != Interest::read});
  }
  calling_ = false;
  ended_.clear();
}

void EpollLoop::call(Watch& watch, Readiness ready) {
  if (watch.ended) return;
  begin_callback();
  watch.callback(ready);
}

void EpollLoop::call_unpollable() {
  if (unpollable_.empty()) return;
  calling_ = true;
  const auto watches = unpollable_;
  for (auto* watch : watches) {
    if (!watch || watch->ended) continue;
    call(*watch, {.readable = watch->interest != Interest::write,
                  .writable = watch->interest != Interest::read,
                  .error = watch->broken});
  }
  std::erase(unpollable_, nullptr);
  calling_ = false;
  ended_.clear();
}

}  // namespace

std::unique_ptr<Loop> make_lean_loop() {
  return std::make_unique<EpollLoop>();
}

}  // namespace mcp
