#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/histogram.hpp"
#include "scenarios/recording.hpp"

namespace scenarios {

/// Figures of one histogram, in microseconds; all 0 when it is empty.
struct Quantiles {
  std::uint64_t count = 0;
  std::uint64_t min = 0;
  std::uint64_t p50 = 0;
  std::uint64_t p90 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t p99_9 = 0;
  std::uint64_t max = 0;
  double mean = 0;
};
Quantiles quantiles_of(const Histogram& histogram);

/// One step, or all of them.
struct StepSummary {
  std::string name;  // step_name(); empty for all of them
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t not_started = 0;
  FailureCounts failures{};
  Quantiles from_intended;
  Quantiles from_start;

  /// Failed requests as a share of those that ended; 0 when there were none.
  double error_rate() const;
};

/// Whether the driver itself was too slow, so that latencies are its own and not the server's.
struct Saturation {
  /// More than this share of the requests late: from there on a p99 can be the driver's.
  static constexpr double late_bound = 0.01;
  /// A thread that used this much of its core in a slot of time was busy without a pause…
  static constexpr std::uint64_t cpu_bound_permille = 950;
  /// …and in more than this share of the slots it was no hiccup.
  static constexpr double cpu_slots_bound = 0.05;

  double late_share = 0;  // of the requests, started later than `late_after`
  mcp::Duration late_after{};
  double busy_share = 0;             // of the slots, in which a thread's core was full
  std::uint64_t local_failures = 0;  // out of sockets, ports, files or memory

  bool late() const { return late_share > late_bound; }
  bool cpu_full() const { return busy_share > cpu_slots_bound; }
  bool out_of_sockets() const { return local_failures > 0; }
  bool saturated() const { return late() || cpu_full() || out_of_sockets(); }
  /// "2.3 % of the requests started more than 10.0 ms late"; empty when not saturated.
  std::string reason() const;
};

/// What a run says, for people and for machines. Rates are per second of the schedule.
struct Summary {
  mcp::Duration ran{};
  std::uint64_t threads = 0;
  std::uint64_t intended = 0;  // requests that the schedule wanted
  std::uint64_t started = 0;
  std::uint64_t answered_in_time = 0;
  double intended_rate = 0;
  double started_rate = 0;
  double answered_rate = 0;  // ended well before the schedule did

  StepSummary all;
  std::vector<StepSummary> steps;  // as the recording's, those without requests included

  std::uint64_t sessions_opened = 0;
  std::uint64_t sessions_closed = 0;
  std::uint64_t sessions_lost = 0;
  std::uint64_t sessions_reinitialised = 0;
  std::uint64_t connections_made = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t connections_cut = 0;
  std::uint64_t streams_cut = 0;
  std::uint64_t server_requests = 0;
  Quantiles time_to_return;
  Quantiles lag;
  Saturation saturation;

  /// Answers in time as a share of the requests that the schedule wanted; 1 when it wanted none.
  double rate_share() const;
};

Summary summarize(const Recording& recording);

/// The latencies of the steps whose name is `name`, or whose method is, or (empty) of all.
Histogram latencies_of(const Recording& recording, std::string_view name);

}  // namespace scenarios
