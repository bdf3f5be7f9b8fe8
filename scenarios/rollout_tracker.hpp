#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/incident.hpp"

namespace scenarios {

/// One session that was lost, and what became of its agent.
struct SessionLoss {
  AgentId agent = 0;
  mcp::Duration lost{};  // from the start of the run: when the loss was noticed
  CutBy by = CutBy::not_found;
  int http_status = 0;
  /// The last time that the session was known to live: it was lost between the two.
  mcp::Duration last_answer{};
  /// When the agent had a new session; none: never within the run.
  std::optional<mcp::Duration> back;
  friend bool operator==(const SessionLoss&, const SessionLoss&) = default;
};

/// Follows sessions through a restart: which were lost, when, by which status, and how long each
/// took to come back. Times count from the start of the run and are told in order for each agent.
class RolloutTracker {
 public:
  void opened(AgentId agent, mcp::Duration at);
  void answered(AgentId agent, mcp::Duration at);
  /// A session that is not open, or is lost already, is not lost a second time.
  void lost(AgentId agent, mcp::Duration at, CutBy by, int http_status);
  void closed(AgentId agent);
  /// Of another thread or shard, with other agents.
  void merge(const RolloutTracker& other);

  /// In the order of loss.
  std::vector<SessionLoss> losses() const;

  struct Summary {
    std::uint64_t sessions = 0;  // that were open at some time
    std::uint64_t lost = 0;
    std::uint64_t never_back = 0;
    std::map<int, std::uint64_t> by_status;  // 0: without one
    std::optional<mcp::Duration> first_loss;
    std::optional<mcp::Duration> last_loss;
    mcp::Duration median_away{};  // of those that came back, from the last sign of life
    mcp::Duration longest_away{};
  };
  Summary summary() const;

 private:
  struct Life {
    bool open = false;
    mcp::Duration last_answer{};
    std::optional<SessionLoss> away;  // lost, and not back yet
  };
  std::map<AgentId, Life> agents_;
  std::vector<SessionLoss> returned_;
  std::uint64_t sessions_ = 0;
};

}  // namespace scenarios
