#pragma once

#include <cstdint>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/histogram.hpp"
#include "scenarios/recording.hpp"

namespace scenarios {

/// What the agents of one thread have under way. Each thread has one of its own.
struct UnderWay {
  std::uint64_t asked = 0;  // requests whose intended start has come
  std::uint64_t open = 0;   // that were sent and have not ended
};

/// What a run has done so far, for the person who waits for it.
struct LiveFigures {
  std::uint64_t asked = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t requests = 0;  // that ended, well or in a failure
  std::uint64_t failed = 0;
  std::uint64_t late = 0;  // started too late by the driver
  FailureCounts failures{};
  std::uint64_t sessions = 0;  // open now
  std::uint64_t sessions_lost = 0;
  std::uint64_t sessions_reinitialised = 0;
  std::uint64_t connections_cut = 0;
  std::uint64_t reconnects = 0;

  void merge(const LiveFigures& other);
  friend bool operator==(const LiveFigures&, const LiveFigures&) = default;
};
LiveFigures figures_of(const Recording& recording, const UnderWay& under_way);

/// Latencies of the requests that were intended to start within one slot of the timeline.
struct LiveSlot {
  mcp::Duration from{};  // from the start of the run
  mcp::Duration width{};
  std::uint64_t ended = 0;
  Histogram latency{Digits::two};
};

/// Latencies so far, in microseconds from the intended start.
struct LiveLatencies {
  static constexpr std::size_t slots = 16;

  Histogram whole{Digits::three};
  std::vector<LiveSlot> last;  // the latest slots, in the order of time

  /// Slots of the same time become one.
  void merge(const LiveLatencies& other);
};
LiveLatencies latencies_of(const Recording& recording);

/// The recording without what is kept by time and by agent: what figures over the whole run need.
Recording totals_of(const Recording& recording);

}  // namespace scenarios
