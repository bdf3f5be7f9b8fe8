#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "mcp/io/loop.hpp"
#include "mcp/io/timer_queue.hpp"

namespace mcp {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class AsioLoop;

/// One watched descriptor. Asio's waits are one-shot; each is armed again in the turn after its
/// callback, which gives level-triggered behaviour and one callback a turn.
class Watch {
 public:
  Watch(AsioLoop& loop, asio::io_context& context, int descriptor,
        std::move_only_function<void(Readiness)> callback)
      : loop_(loop), descriptor_(context), callback_(std::move(callback)) {
    error_code error;
    if (descriptor_.assign(descriptor, error)) broken_ = true;
  }

  static void arm(const std::shared_ptr<Watch>& self, Interest direction);
  void end() {
    ended_ = true;
    if (!running_) callback_ = nullptr;
    // Gives the descriptor back unclosed; a wait that is under way ends with an error.
    if (descriptor_.is_open()) descriptor_.release();
  }

 private:
  void ready(Interest direction, bool error);

  AsioLoop& loop_;
  asio::posix::stream_descriptor descriptor_;
  std::move_only_function<void(Readiness)> callback_;
  bool running_ = false;
  bool ended_ = false;
  bool broken_ = false;
};

class WatchHandle final : public Handle {
 public:
  explicit WatchHandle(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
  ~WatchHandle() override { watch_->end(); }

 private:
  std::shared_ptr<Watch> watch_;  // shared with the wait that is under way
};

class AsioLoop final : public Loop {
 public:
  AsioLoop() : context_(1), wake_(context_), now_(Clock::now()) {}
  ~AsioLoop() override;

  TimePoint now() const override { return now_; }
  std::unique_ptr<Handle> start_timer(TimePoint when, Task task) override;
  void post(Task task) override { posted_.push_back(std::move(task)); }
  std::unique_ptr<Handle> watch(int descriptor, Interest interest,
                                std::move_only_function<void(Readiness)> callback) override;
  void turn(TimePoint latest) override;

  /// Before each callback: the first one of a turn reads the clock.
  void begin_callback() {
    if (!std::exchange(progress_, true)) now_ = Clock::now();
  }
  void arm_next_turn(std::shared_ptr<Watch> watch, Interest direction) {
    to_arm_.emplace_back(std::move(watch), direction);
  }

 private:
  void run_posted();
  void wait_until(TimePoint latest);
  void wake_at(TimePoint when);

  asio::io_context context_;
  asio::steady_timer wake_;  // the one timer of the kernel: the earliest of all that wait
  TimePoint wake_time_ = TimePoint::max();
  TimePoint now_;
  bool progress_ = false;
  TimerQueue timers_;
  std::deque<Task> posted_;
  std::vector<std::pair<std::shared_ptr<Watch>, Interest>> to_arm_;
};

void Watch::arm(const std::shared_ptr<Watch>& self, Interest direction) {
  if (self->ended_) return;
  if (self->broken_) {
    self->loop_.post([self, direction] { self->ready(direction, true); });
    return;
  }
  const auto kind = direction == Interest::read ? asio::posix::stream_descriptor::wait_read
                                                : asio::posix::stream_descriptor::wait_write;
  self->descriptor_.async_wait(kind, [self, direction](const error_code& error) {
    if (error == asio::error::operation_aborted || self->ended_) return;
    // Regular files cannot be polled, and are always ready.
    const bool is_file = error == asio::error::operation_not_supported;
    self->loop_.arm_next_turn(self, direction);
    self->ready(direction, error && !is_file);
  });
}

void Watch::ready(Interest direction, bool error) {
  if (ended_) return;
  loop_.begin_callback();
  running_ = true;
  callback_({.readable = direction == Interest::read,
             .writable = direction == Interest::write,
             .error = error});
  running_ = false;
  if (ended_) callback_ = nullptr;
}

AsioLoop::~AsioLoop() {
  // What is destroyed here may own handles of this loop, or post once more.
  while (!posted_.empty()) std::exchange(posted_, {}).clear();
  timers_.clear();
}

std::unique_ptr<Handle> AsioLoop::start_timer(TimePoint when, Task task) {
  // Past moments count as this turn's, so that what is started now runs after what waited longer.
  return timers_.start(std::max(when, now_), std::move(task));
}

std::unique_ptr<Handle> AsioLoop::watch(int descriptor, Interest interest,
                                        std::move_only_function<void(Readiness)> callback) {
  auto watch = std::make_shared<Watch>(*this, context_, descriptor, std::move(callback));
  if (interest != Interest::write) Watch::arm(watch, Interest::read);
  if (interest != Interest::read) Watch::arm(watch, Interest::write);
  return std::make_unique<WatchHandle>(std::move(watch));
}

void AsioLoop::turn(TimePoint latest) {
  progress_ = false;
  const auto timers_before = timers_.count();
  for (const auto& [watch, direction] : std::exchange(to_arm_, {})) Watch::arm(watch, direction);
  context_.restart();
  if (posted_.empty()) {
    wait_until(latest);
  } else {
    run_posted();
  }
  context_.poll();
  if (!progress_) now_ = Clock::now();
  timers_.run(now_, timers_before);
}

void AsioLoop::run_posted() {
  begin_callback();
  for (auto tasks = std::exchange(posted_, {}); !tasks.empty();) {
    auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
  }
}

void AsioLoop::wait_until(TimePoint latest) {
  const auto limit = std::min(latest, timers_.earliest());
  if (limit <= Clock::now()) return;
  if (limit != TimePoint::max()) wake_at(limit);
  bool woken = false;
  while (!woken && !progress_) {
    if (context_.run_one() == 0) {
      throw std::logic_error("loop: nothing is watched and no timer runs: this waits for ever");
    }
    woken = wake_time_ <= Clock::now();
  }
  if (woken) wake_time_ = TimePoint::max();
}

void AsioLoop::wake_at(TimePoint when) {
  if (when == wake_time_) return;
  wake_time_ = when;
  wake_.expires_at(when);
  wake_.async_wait([](const error_code&) {});
}

}  // namespace

std::unique_ptr<Loop> make_loop() {
  return std::make_unique<AsioLoop>();
}

}  // namespace mcp
