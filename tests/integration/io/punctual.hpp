#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "mcp/base/time.hpp"

namespace mcp {

/// Measures by how much a thread that only sleeps is woken too late: what other programs on the
/// machine do to anybody's timing.
class StallMeter {
 public:
  StallMeter() : thread_([this] { measure(); }) {}
  StallMeter(const StallMeter&) = delete;
  StallMeter& operator=(const StallMeter&) = delete;
  ~StallMeter() {
    ending_ = true;
    thread_.join();
  }
  Duration worst() const { return Duration(worst_.load()); }

 private:
  void measure() {
    while (!ending_) {
      const auto due = Clock::now() + std::chrono::milliseconds(1);
      std::this_thread::sleep_until(due);
      worst_ = std::max(worst_.load(), (Clock::now() - due).count());
    }
  }
  std::atomic<bool> ending_ = false;
  std::atomic<Duration::rep> worst_ = 0;
  std::thread thread_;
};

/// How often the scheduler took the processor from the calling thread.
inline long preemptions() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

/// Whether `attempt`, which returns how late it was, can be done within `tolerance`. A late attempt
/// is repeated: always when the machine was disturbed meanwhile, else twice.
template <typename Attempt>
bool is_punctual(Duration tolerance, Attempt attempt) {
  int late_in_calm = 0;
  for (int tries = 0; tries < 50 && late_in_calm < 3; ++tries) {
    const StallMeter meter;
    const auto preempted_before = preemptions();
    if (attempt() <= tolerance) return true;
    const bool calm = meter.worst() < tolerance / 4 && preemptions() == preempted_before;
    late_in_calm += calm;
  }
  return false;
}

}  // namespace mcp
