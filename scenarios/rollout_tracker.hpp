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

/// What became of the sessions of a run, one by one.
struct FollowedSessions {
  static constexpr std::size_t kept = 4096;

  std::uint64_t sessions = 0;  // that were open at some time
  std::uint64_t lost = 0;
  std::uint64_t never_back = 0;  // of those lost
  /// That ended while their server did not answer: nobody knows whether they were lost.
  std::uint64_t unsure = 0;
  std::map<int, std::uint64_t> by_status;  // of the losses; 0: without one
  /// The `kept` earliest ones, in the order of loss.
  std::vector<SessionLoss> losses;

  /// Counts it, and keeps it while there is room.
  void add(const SessionLoss& loss);
  void merge(const FollowedSessions& other);
  friend bool operator==(const FollowedSessions&, const FollowedSessions&) = default;
};

/// Follows sessions through a restart: which were lost, when, by which status, and how long each
/// took to come back. Times count from the start of the run and are told in order for each agent.
class RolloutTracker {
 public:
  void opened(AgentId agent, mcp::Duration at);
  void answered(AgentId agent, mcp::Duration at);
  /// It had no answer, and that tells nothing of its session.
  void unanswered(AgentId agent);
  /// A session that is not open, or is lost already, is not lost a second time.
  void lost(AgentId agent, mcp::Duration at, CutBy by, int http_status);
  void closed(AgentId agent);

  FollowedSessions report() const;

 private:
  struct Life {
    bool open = false;
    bool silent = false;  // its last request had no answer
    mcp::Duration last_answer{};
    std::optional<SessionLoss> away;  // lost, and not back yet
  };
  std::map<AgentId, Life> agents_;
  std::uint64_t sessions_ = 0;
  std::uint64_t unsure_ = 0;
  FollowedSessions returned_;  // only of losses that ended in a new session
};

}  // namespace scenarios
