#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/recording.hpp"
#include "scenarios/summary.hpp"

namespace scenarios {

enum class Metric : std::uint8_t {
  percentile,  // p50, p99, p99.9, …: of latencies from the intended start, in microseconds
  max,
  mean,
  error_rate,  // failed requests as a share of those that ended
  errors,      // of one class, or failed requests altogether
  rate,        // answers in time: a share of the intended requests, or per second
  sessions_lost,
  sessions_opened,
  sessions_reinitialised,
  reconnects,
  connections_cut,
  streams_cut,
  requests,
  abandoned,
  not_started,
};

enum class Relation : std::uint8_t { less, at_most, more, at_least, equal };

/// What a value is in; a metric takes one, `rate` two.
enum class Unit : std::uint8_t { micros, share, per_second, count };

/// A sentence about a run, such as `p99(tools/call) < 250ms`.
struct Threshold {
  std::string text;  // as it was written
  Metric metric = Metric::percentile;
  double percent = 0;  // of a percentile
  /// What is in the brackets: a step's name or method (latencies, error_rate, requests), or `lag`
  /// or `time_to_return` (latencies).
  std::string subject;
  std::optional<Failure> failure;  // of errors
  Relation relation = Relation::less;
  Unit unit = Unit::micros;
  double value = 0;
};

/// Errors are of kind usage, name the column and the fix:
///   p99(tools/call) < 250ms · p99.9 < 1s · max(tools/call:echo) <= 2s · mean < 50ms
///   error_rate < 0.1% · errors(timeout) == 0 · errors <= 3 · rate >= 95% · rate >= 950/s
///   sessions_lost == 0 · reconnects == 0 · requests >= 1000 · p99(lag) < 1ms
mcp::Result<Threshold> parse_threshold(std::string_view text);

/// Whether the plan has what the threshold is about: a step that it names.
mcp::Result<void> check_threshold(const Threshold& threshold, const std::vector<Step>& steps);

enum class Verdict : std::uint8_t { met, missed, not_judged };
/// "met", "missed", "not_judged".
std::string_view to_string(Verdict verdict);

struct Judgement {
  Threshold threshold;
  /// `not_judged` counts as missed: nothing was shown.
  Verdict verdict = Verdict::not_judged;
  std::optional<double> measured;  // in the threshold's unit
  /// For people: "p99(tools/call) is 312 ms", or why it was not judged.
  std::string reason;
};

/// Latencies are not judged when the generator was saturated, nor when there are none.
Judgement judge(const Threshold& threshold, const Recording& recording, const Summary& summary);
std::vector<Judgement> judge_all(const std::vector<Threshold>& thresholds,
                                 const Recording& recording);

}  // namespace scenarios
