#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "scenarios/recording.hpp"

namespace scenarios {

/// Metrics of a run, or of one draw of its seconds.
struct RunFigures {
  struct Latency {
    double p50 = 0;  // natural logarithms of microseconds
    double p99 = 0;
  };
  std::vector<Latency> latencies;  // by step, in the order that was asked for
  double error_rate = 0;
  double rate = 1;  // answers as a share of the intended requests
};

/// A run cut into units of time (slots with requests, or groups of neighbouring ones), from which
/// runs that might as well have happened are drawn.
class SampledRun {
 public:
  static constexpr std::size_t most_units = 120;

  /// `steps` are indices into this recording's.
  SampledRun(const Recording& recording, const std::vector<StepId>& steps);

  std::size_t units() const { return units_.size(); }
  /// How many blocks a draw is made of: about as many independent observations as the run has.
  double blocks() const { return static_cast<double>(units_.size()) / static_cast<double>(block_); }
  /// In how many units the step was used, and by how many requests.
  std::size_t units_with(std::size_t step) const;
  std::uint64_t requests_of(std::size_t step) const;
  /// How many blocks the slowest hundredth of the step's requests comes from, weighted (Kish's
  /// effective sample size): near 1 when a single stall made all of them.
  double sources_of_p99(std::size_t step) const;

  RunFigures figures() const;
  /// As many units as there are, drawn with replacement in blocks of neighbours.
  RunFigures draw(std::mt19937_64& random) const;

 private:
  struct Bucket {
    std::uint32_t index;
    std::uint64_t count;
  };
  struct Unit {
    std::vector<std::vector<Bucket>> latencies;  // by step, without empty buckets
    std::uint64_t intended = 0;
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;
  };

  void choose_block();
  RunFigures figures_of(const std::vector<const Unit*>& units) const;
  RunFigures::Latency latency_of(const std::vector<const Unit*>& units, std::size_t step) const;

  std::vector<Unit> units_;
  std::size_t steps_;
  std::size_t buckets_ = 0;
  std::size_t block_ = 1;
};

}  // namespace scenarios
