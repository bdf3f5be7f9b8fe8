#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/activity.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/histogram.hpp"
#include "scenarios/incident.hpp"
#include "scenarios/rollout_tracker.hpp"
#include "scenarios/timeline.hpp"

namespace scenarios {

/// What a step of a script asks for. Steps are numbered by the plan; every thread and every shard
/// of a run has the same steps in the same order.
struct Step {
  std::string method;  // "tools/call", "initialize", …
  std::string name;    // of the tool, prompt or resource; empty where the method has none
  friend bool operator==(const Step&, const Step&) = default;
};

/// One step over the whole run. Latencies are in microseconds, of the requests for which
/// `counts_as_latency` holds.
struct StepTotals {
  std::uint64_t requests = 0;  // that ended, well or in a failure
  std::uint64_t abandoned = 0;
  std::uint64_t not_started = 0;
  FailureCounts failures{};
  Histogram from_intended{Digits::three};
  Histogram from_start{Digits::three};
  /// Of the failed ones, by class and from the actual start: all classes of requests, also those
  /// that are no latency.
  std::map<Failure, Histogram> failed_from_start;

  void merge(const StepTotals& other);
  friend bool operator==(const StepTotals&, const StepTotals&) = default;
};

/// What was counted over the whole run and not by step.
struct Totals {
  /// Requests that ended well before the schedule did (see Recorder::schedule_ended).
  std::uint64_t answered_in_time = 0;
  std::uint64_t sessions_opened = 0;
  std::uint64_t sessions_closed = 0;
  std::uint64_t sessions_reinitialised = 0;
  std::uint64_t connections_made = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t server_requests = 0;
  /// Requests that were started later than intended by more than Recording::late_after.
  std::uint64_t late = 0;

  void merge(const Totals& other);
  friend bool operator==(const Totals&, const Totals&) = default;
};

/// Everything that a run leaves behind: a value that can be merged, compared, written and read.
/// Merging is exact, associative and commutative: the merged recordings of the threads (or the
/// shards) are what one recorder would have held. All times count from the start of the run.
struct Recording {
  std::vector<Step> steps;
  mcp::Duration late_after{};
  /// How long the schedule ran, without the time in which the last answers were awaited.
  mcp::Duration ran{};
  /// How many threads recorded, each with a core of its own.
  std::uint64_t threads = 0;

  std::vector<StepTotals> by_step;  // as `steps`
  Totals totals;
  Histogram lag{Digits::three};               // actual − intended start, in microseconds
  Histogram time_to_return{Digits::three};    // from a session's loss to the new one, microseconds
  Histogram session_duration{Digits::three};  // of those that were closed, microseconds
  Histogram lost_session_duration{Digits::three};  // of those that were lost
  /// The longest time without traffic after which a request on the same session was answered well.
  mcp::Duration longest_idle{};
  /// By HTTP status, of the failures http_status and session_lost.
  std::map<int, std::uint64_t> statuses;
  IncidentLog incidents;
  Timeline timeline;
  ActivityLog activity;
  /// Where the scenario wants sessions to be followed.
  std::optional<FollowedSessions> followed;

  /// One without threads is empty: the neutral element. Otherwise steps and bound must be the same;
  /// anything else is a bug and throws
  /// std::logic_error (results files are checked before, see results.hpp).
  void merge(const Recording& other);
  /// What it takes in memory.
  std::size_t bytes() const;

  friend bool operator==(const Recording&, const Recording&) = default;
};

}  // namespace scenarios
