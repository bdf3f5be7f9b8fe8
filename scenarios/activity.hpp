#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/incident.hpp"

namespace scenarios {

enum class Activity : std::uint8_t { burst, idle };
std::string_view to_string(Activity activity);

struct Interval {
  mcp::Duration from{};
  mcp::Duration to{};
  Activity activity = Activity::burst;
  friend auto operator<=>(const Interval&, const Interval&) = default;
};

/// What sampled agents did, for a time line that shows bursts and idles. Which agents are sampled
/// depends on their ids alone (the lowest in a fixed shuffled order), so that shards sample the
/// same ones as one big run; of each the earliest intervals are kept.
class ActivityLog {
 public:
  static constexpr std::size_t agents = 64;
  static constexpr std::size_t intervals_each = 1024;

  struct Agent {
    AgentId id = 0;
    std::vector<Interval> intervals;  // in order
    std::uint64_t left_out = 0;       // intervals that there was no room for
    friend bool operator==(const Agent&, const Agent&) = default;
  };

  void add(AgentId agent, const Interval& interval);
  void merge(const ActivityLog& other);
  static ActivityLog restore(const std::vector<Agent>& sampled);

  /// By id.
  std::vector<Agent> sampled() const;

  friend bool operator==(const ActivityLog&, const ActivityLog&) = default;

 private:
  void add(const Agent& agent);
  /// Its place among the sampled ones; none when it is not sampled.
  Agent* admit(AgentId agent);

  std::map<std::uint64_t, Agent> agents_;  // by the place in the shuffled order
};

}  // namespace scenarios
