#include "scenarios/rollout_tracker.hpp"

#include <algorithm>

namespace scenarios {

void RolloutTracker::opened(AgentId agent, mcp::Duration at) {
  auto& life = agents_[agent];
  ++sessions_;
  life.open = true;
  life.last_answer = at;
  if (!life.away) return;
  life.away->back = at;
  returned_.push_back(*life.away);
  life.away.reset();
}

void RolloutTracker::answered(AgentId agent, mcp::Duration at) {
  auto& life = agents_[agent];
  if (life.open) life.last_answer = std::max(life.last_answer, at);
}

void RolloutTracker::lost(AgentId agent, mcp::Duration at, CutBy by, int http_status) {
  auto& life = agents_[agent];
  if (!life.open) return;
  life.open = false;
  life.away = SessionLoss{.agent = agent,
                          .lost = at,
                          .by = by,
                          .http_status = http_status,
                          .last_answer = life.last_answer};
}

void RolloutTracker::closed(AgentId agent) {
  const auto found = agents_.find(agent);
  if (found != agents_.end()) found->second.open = false;
}

void RolloutTracker::merge(const RolloutTracker& other) {
  agents_.insert(other.agents_.begin(), other.agents_.end());
  returned_.insert(returned_.end(), other.returned_.begin(), other.returned_.end());
  sessions_ += other.sessions_;
}

std::vector<SessionLoss> RolloutTracker::losses() const {
  auto result = returned_;
  for (const auto& [agent, life] : agents_) {
    if (life.away) result.push_back(*life.away);
  }
  std::ranges::sort(result, {}, [](const auto& loss) { return std::pair(loss.lost, loss.agent); });
  return result;
}

RolloutTracker::Summary RolloutTracker::summary() const {
  Summary summary{.sessions = sessions_};
  std::vector<mcp::Duration> away;
  for (const auto& loss : losses()) {
    ++summary.lost;
    ++summary.by_status[loss.http_status];
    if (!summary.first_loss) summary.first_loss = loss.lost;
    summary.last_loss = loss.lost;
    if (loss.back) {
      away.push_back(*loss.back - loss.last_answer);
    } else {
      ++summary.never_back;
    }
  }
  if (away.empty()) return summary;
  std::ranges::sort(away);
  summary.median_away = away[(away.size() - 1) / 2];
  summary.longest_away = away.back();
  return summary;
}

}  // namespace scenarios
