#include "scenarios/rollout_tracker.hpp"

#include <algorithm>
#include <utility>

namespace scenarios {
namespace {

void sort(std::vector<SessionLoss>& losses) {
  std::ranges::sort(losses, {}, [](const auto& loss) { return std::pair(loss.lost, loss.agent); });
}

}  // namespace

void FollowedSessions::add(const SessionLoss& loss) {
  ++lost;
  ++by_status[loss.http_status];
  if (!loss.back) ++never_back;
  if (losses.size() < kept) losses.push_back(loss);
}

void FollowedSessions::merge(const FollowedSessions& other) {
  sessions += other.sessions;
  lost += other.lost;
  never_back += other.never_back;
  unsure += other.unsure;
  for (const auto& [status, count] : other.by_status) by_status[status] += count;
  losses.insert(losses.end(), other.losses.begin(), other.losses.end());
  sort(losses);
  losses.resize(std::min(losses.size(), kept));
}

void RolloutTracker::opened(AgentId agent, mcp::Duration at) {
  auto& life = agents_[agent];
  ++sessions_;
  life.open = true;
  life.silent = false;
  life.last_answer = at;
  if (!life.away) return;
  life.away->back = at;
  returned_.add(*life.away);
  life.away.reset();
}

void RolloutTracker::answered(AgentId agent, mcp::Duration at) {
  auto& life = agents_[agent];
  if (!life.open) return;
  life.last_answer = std::max(life.last_answer, at);
  life.silent = false;
}

void RolloutTracker::unanswered(AgentId agent) {
  agents_[agent].silent = true;
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
  if (found == agents_.end() || !std::exchange(found->second.open, false)) return;
  if (found->second.silent) ++unsure_;
}

FollowedSessions RolloutTracker::report() const {
  FollowedSessions report = returned_;
  report.sessions = sessions_;
  report.unsure = unsure_;
  for (const auto& [agent, life] : agents_) {
    if (life.open && life.silent) ++report.unsure;
    if (life.away) report.add(*life.away);
  }
  sort(report.losses);
  return report;
}

}  // namespace scenarios
