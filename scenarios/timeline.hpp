#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/histogram.hpp"

namespace scenarios {

/// Number of a step in the plan.
using StepId = std::uint16_t;

/// One step within one slot of time: latencies (microseconds, from the intended start) of the
/// requests that were intended to start in it.
struct StepSlot {
  StepId step = 0;
  Histogram latency{Digits::two};
  friend bool operator==(const StepSlot&, const StepSlot&) = default;
};

/// What happened within one slot of time. `intended` and `failures` belong to the slot of the
/// intended start (a freeze shows where it began, not where it ended), `started`, `answered` and
/// `ended` to the slot in which that happened.
struct Slot {
  std::uint64_t intended = 0;
  std::uint64_t started = 0;
  std::uint64_t answered = 0;  // ended well
  std::uint64_t ended = 0;     // well or in a failure
  std::uint64_t late = 0;      // intended here and started too late
  FailureCounts failures{};
  std::uint64_t sessions_opened = 0;
  std::uint64_t sessions_closed = 0;
  std::uint64_t sessions_lost = 0;
  std::uint64_t sessions_reinitialised = 0;
  std::uint64_t connections_made = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t connections_cut = 0;
  std::uint64_t streams_cut = 0;
  std::uint64_t server_requests = 0;
  std::uint64_t cpu_micros = 0;    // used by the threads of the driver
  std::uint64_t cpu_permille = 0;  // of its core, of the busiest thread
  std::vector<StepSlot> steps;     // by step, those that were used

  Histogram& latency(StepId step);
  void merge(const Slot& other);
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// Slots of equal width from the start of the run: a second each, and twice as long whenever there
/// would be more than `most` slots or `most` histograms of one step in one slot. Where the width
/// ends depends on what was recorded only, not on the order or on how it was split.
class Timeline {
 public:
  static constexpr std::size_t most = 3600;

  Timeline() = default;
  explicit Timeline(std::size_t limit) : limit_(limit) {}

  /// The slot of that time; times before the start are in the first one.
  Slot& at(mcp::Duration time);
  /// The histogram of that step and time; may halve the resolution first.
  Histogram& latency(mcp::Duration time, StepId step);
  void merge(const Timeline& other);
  static Timeline restore(mcp::Duration width, std::vector<Slot> slots);

  mcp::Duration width() const { return width_; }
  const std::vector<Slot>& slots() const { return slots_; }
  std::size_t bytes() const;

  friend bool operator==(const Timeline&, const Timeline&) = default;

 private:
  /// Coarsens until the histograms are few enough; tells whether it had to.
  bool shrink();
  void coarsen();
  std::size_t used() const;

  mcp::Duration width_ = std::chrono::seconds{1};
  std::size_t limit_ = most;
  std::size_t histograms_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace scenarios
