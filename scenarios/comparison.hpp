#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/recording.hpp"

namespace scenarios {

enum class Change : std::uint8_t {
  none,    // nothing beyond noise
  worse,   // B is worse than A
  better,  // B is better than A
  unknown  // the runs are too short, or too uneven, to say
};
std::string_view to_string(Change change);

/// One metric of two runs. `p50` and `p99` are latencies from the intended start in microseconds,
/// by step; `error_rate` and `rate` (answers as a share of the intended requests) are of the run.
struct MetricComparison {
  std::string metric;  // "p99(tools/call:echo)", "error_rate", …
  double before = 0;   // of A
  double after = 0;    // of B
  /// Change from A to B with its interval: of latencies relative (0.2: a fifth slower), of shares
  /// their difference.
  double change = 0;
  double lowest = 0;
  double highest = 0;
  Change verdict = Change::none;
};

struct ComparisonOptions {
  /// How sure the whole comparison is: with two equal runs, the chance that any of its metrics is
  /// called worse or better is at most the rest.
  double confidence = 0.95;
  /// Smaller changes are never called any: a run differs from itself on the next day by as much.
  double least_latency = 0.05;  // relative
  double least_share = 0.002;   // of error rate and rate
  std::size_t resamples = 400;
  std::uint64_t seed = 1;
};

struct Comparison {
  std::vector<MetricComparison> metrics;
  /// Any metric is worse.
  bool worse() const;
};

/// Whether B is worse than A beyond noise. The noise is taken from the runs themselves: their
/// seconds are drawn anew, in short blocks since neighbours are alike (a stall, a queue that
/// drains), and the spread of each metric over many such draws says how far it can be off. One
/// stall, or two, are no reason to call p99 worse: they might as well have come in the other run
/// (in runs of a minute with so few of them, up to 8 % of equal pairs are called different). A step
/// is compared when both runs have enough of it; below ten slots of time nothing is known.
Comparison compare(const Recording& before, const Recording& after,
                   const ComparisonOptions& options = {});

}  // namespace scenarios
