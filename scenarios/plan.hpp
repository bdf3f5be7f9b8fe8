#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scenarios/pacing.hpp"
#include "scenarios/plan_limits.hpp"
#include "scenarios/random.hpp"
#include "scenarios/recording.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// One of several machines that share a run: it has every agent whose number leaves its remainder.
struct Shard {
  std::uint32_t index = 0;  // from 0
  std::uint32_t count = 1;
  friend bool operator==(const Shard&, const Shard&) = default;
};
/// "1/4" to "4/4"; or "0+1/4" to "3+1/4", for whoever has an index that counts from 0 and cannot
/// add, as the arguments of a container.
mcp::Result<Shard> read_shard(std::string_view text);

struct AgentPlan {
  AgentId id = 1;           // from 1, over all shards
  mcp::Duration arrives{};  // from the start of the run
  friend bool operator==(const AgentPlan&, const AgentPlan&) = default;
};

/// What a random stream of an agent is for. Each has its own, so that a slow answer cannot change
/// what is drawn next for something else.
enum class Purpose : std::uint8_t { arrival, timing, choice, arguments, samples, pacing, churn };

/// A scenario, ready to be driven by one shard: who comes when, and when requests are due. It
/// depends on the scenario, its seed and the shard alone; together the shards of a run are the run.
class Plan {
 public:
  Plan(Scenario scenario, Shard shard);

  const Scenario& scenario() const { return scenario_; }
  /// Those of this shard that come before the end, by number.
  const std::vector<AgentPlan>& agents() const { return agents_; }
  /// Of all shards: agents whose arrival would be after the end.
  std::uint64_t too_late() const { return too_late_; }
  /// The steps that samples name; the same in every shard. The first one is `connect_step`.
  const std::vector<Step>& steps() const { return steps_; }
  static constexpr StepId connect_step = 0;

  const Timetable& timetable() const { return timetable_; }
  /// From the start of the run to the first phase.
  mcp::Duration phases_start() const { return phases_start_; }
  /// From the start of the run: nothing is due from then on. Duration::max() when scripts end by
  /// themselves.
  mcp::Duration ends() const { return ends_; }

  Random random(AgentId agent, Purpose purpose, std::uint64_t generation = 0) const;
  Pacer pacer(AgentId agent) const;

 private:
  void number_steps();
  void number(Mix& mix);
  void number(Script& script);
  std::vector<mcp::Duration> arrivals() const;

  Scenario scenario_;
  Shard shard_;
  std::vector<Step> steps_;
  std::vector<AgentPlan> agents_;
  std::uint64_t too_late_ = 0;
  Timetable timetable_;
  mcp::Duration phases_start_{};
  mcp::Duration ends_ = mcp::Duration::max();
};

/// The ids of an agent's requests are unique over all shards and below 2^53.
inline constexpr std::int64_t request_id(AgentId agent, std::uint32_t sequence) {
  return static_cast<std::int64_t>((agent << 32U) | sequence);
}

}  // namespace scenarios
