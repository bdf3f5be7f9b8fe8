#include "scenarios/activity.hpp"

#include <algorithm>
#include <iterator>

namespace scenarios {
namespace {

// The finaliser of SplitMix64: a bijection, so no two agents share a place.
std::uint64_t place_of(AgentId agent) {
  std::uint64_t bits = agent + 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31);
}

void insert(ActivityLog::Agent& agent, const Interval& interval) {
  auto& kept = agent.intervals;
  const bool full = kept.size() == ActivityLog::intervals_each;
  if (full) ++agent.left_out;
  if (full && kept.back() <= interval) return;
  kept.insert(std::upper_bound(kept.begin(), kept.end(), interval), interval);
  if (full) kept.pop_back();
}

}  // namespace

std::string_view to_string(Activity activity) {
  return activity == Activity::burst ? "burst" : "idle";
}

ActivityLog::Agent* ActivityLog::admit(AgentId agent) {
  const std::uint64_t place = place_of(agent);
  const auto found = agents_.lower_bound(place);
  if (found != agents_.end() && found->first == place) return &found->second;
  if (agents_.size() == agents) {
    if (found == agents_.end()) return nullptr;
    agents_.erase(std::prev(agents_.end()));
  }
  return &agents_.emplace(place, Agent{.id = agent}).first->second;
}

void ActivityLog::add(AgentId agent, const Interval& interval) {
  if (Agent* sampled = admit(agent)) insert(*sampled, interval);
}

void ActivityLog::merge(const ActivityLog& other) {
  for (const auto& [place, agent] : other.agents_) add(agent);
}

void ActivityLog::add(const Agent& agent) {
  Agent* sampled = admit(agent.id);
  if (sampled == nullptr) return;
  for (const auto& interval : agent.intervals) insert(*sampled, interval);
  sampled->left_out += agent.left_out;
}

ActivityLog ActivityLog::restore(const std::vector<Agent>& sampled) {
  ActivityLog log;
  for (const auto& agent : sampled) log.add(agent);
  return log;
}

std::vector<ActivityLog::Agent> ActivityLog::sampled() const {
  std::vector<Agent> sorted;
  for (const auto& [place, agent] : agents_) sorted.push_back(agent);
  std::sort(sorted.begin(), sorted.end(),
            [](const Agent& left, const Agent& right) { return left.id < right.id; });
  return sorted;
}

}  // namespace scenarios
