#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/live_figures.hpp"

namespace cli {

/// What the driver tells a few times a second, as what changed lately: rates of the last seconds
/// and a series by second. All times count from the start of the run.
class LiveHistory {
 public:
  static constexpr std::chrono::seconds lately{5};
  static constexpr std::size_t kept = 300;

  /// One second, or one slot of a long run.
  struct Point {
    double rate = 0;                   // requests that ended, a second
    std::optional<std::uint64_t> p99;  // microseconds; none: nothing was answered yet
  };
  struct Percentiles {
    std::uint64_t count = 0;
    std::uint64_t p50 = 0;
    std::uint64_t p99 = 0;
  };

  void add(mcp::Duration at, const scenarios::LiveFigures& figures);
  void add(mcp::Duration at, const scenarios::LiveLatencies& latencies);

  const scenarios::LiveFigures& figures() const { return figures_; }
  double rate() const;           // that ended, a second, lately
  double intended_rate() const;  // that became due
  const Percentiles& latest() const { return latest_; }
  const Percentiles& whole() const { return whole_; }
  /// Whole seconds only, the oldest first.
  std::vector<Point> points() const;

 private:
  struct Moment {
    mcp::Duration at{};
    std::uint64_t asked = 0;
    std::uint64_t requests = 0;
  };
  double change(std::uint64_t Moment::* count) const;

  scenarios::LiveFigures figures_;
  std::deque<Moment> moments_;
  Percentiles latest_;
  Percentiles whole_;
  std::map<mcp::Duration, Point> points_;
};

}  // namespace cli
