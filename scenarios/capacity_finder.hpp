#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.hpp"

namespace scenarios {

/// What holding one rate for a while showed.
struct CapacityStep {
  Rate rate;
  bool kept = true;        // every threshold was met
  bool saturated = false;  // the driver itself was too slow: nothing was learnt of the server
  mcp::Duration p99{};
  double answered_per_second = 0;
  std::string reason;  // of a threshold that was missed, or why the driver was too slow
  friend bool operator==(const CapacityStep&, const CapacityStep&) = default;
};

/// Finds the highest rate that keeps the thresholds: raises it by a factor until one breaks, then
/// narrows down between the last two. A rate that breaks, or at which the driver was too slow, is
/// tried once more, and counts when it happens again: one bad moment is no limit.
class CapacityFinder {
 public:
  explicit CapacityFinder(const CapacitySearch& search) : search_(search) {}

  /// The rate to hold now; none when the search has ended.
  std::optional<Rate> next() const;
  void add(CapacityStep step);

  enum class Verdict : std::uint8_t {
    searching,
    found,          // between `kept` and `broken`
    never_broken,   // not up to the highest rate
    always_broken,  // even at the lowest
    saturated,      // the driver could not go further than `kept`
  };
  struct Result {
    Verdict verdict = Verdict::searching;
    std::optional<Rate> kept;
    std::optional<Rate> broken;
    /// The highest kept rate whose p99 is at most three times that of the lowest one: beyond it
    /// requests queue.
    std::optional<Rate> knee;
    std::optional<Rate> saturated;  // where the driver was too slow
    std::string reason;             // why `broken` broke, or the driver was too slow
    friend bool operator==(const Result&, const Result&) = default;
  };
  Result result() const;
  const std::vector<CapacityStep>& steps() const { return steps_; }

 private:
  static constexpr std::size_t most_steps = 60;

  std::optional<Rate> knee() const;
  bool is_narrow() const;

  CapacitySearch search_;
  std::vector<CapacityStep> steps_;
  std::optional<Rate> kept_;
  std::optional<Rate> broken_;
  std::optional<Rate> doubted_;  // broke once, or was too much for the driver once
  std::optional<Rate> saturated_;
  std::string reason_;
};

/// "found", "never_broken", …
std::string_view to_string(CapacityFinder::Verdict verdict);
std::optional<CapacityFinder::Verdict> capacity_verdict_named(std::string_view name);

/// For people: "keeps 840/s, breaks at 880/s: p99 is 612 ms (queues from 520/s on)".
std::string to_text(const CapacityFinder::Result& result);

}  // namespace scenarios
