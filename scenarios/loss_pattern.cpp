#include "scenarios/loss_pattern.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace scenarios {
namespace {

/// Answers that were under way, and requests of agents that had not noticed yet.
constexpr std::chrono::seconds one_event{1};
constexpr std::chrono::milliseconds timer_slack{500};

Spread3 spread_of(std::vector<mcp::Duration> times) {
  std::ranges::sort(times);
  return {.least = times.front(), .middle = times[times.size() / 2], .most = times.back()};
}

bool starts_event(const Incident& loss, mcp::Duration first_noticed) {
  return loss.at - loss.idle > first_noticed + one_event;
}

}  // namespace

bool Spread3::is_one_time() const {
  return width() <= std::max<mcp::Duration>(timer_slack, middle / 20);
}

bool LossPattern::is_one_event() const {
  return losses == agents && latest_sign <= first + one_event;
}

LossPattern pattern_of(const std::vector<Incident>& losses) {
  if (losses.empty()) return {};
  LossPattern pattern{.losses = losses.size(), .first = mcp::Duration::max()};
  std::set<AgentId> agents;
  std::vector<mcp::Duration> idle;
  std::vector<mcp::Duration> age;
  for (const auto& loss : losses) {
    agents.insert(loss.agent);
    idle.push_back(loss.idle);
    age.push_back(loss.age);
    pattern.first = std::min(pattern.first, loss.at);
    pattern.last = std::max(pattern.last, loss.at);
    pattern.latest_sign = std::max(pattern.latest_sign, loss.at - loss.idle);
  }
  pattern.agents = agents.size();
  pattern.idle = spread_of(std::move(idle));
  pattern.age = spread_of(std::move(age));
  return pattern;
}

std::vector<std::vector<Incident>> split_by_event(std::vector<Incident> losses) {
  std::ranges::sort(losses);
  std::vector<std::vector<Incident>> events;
  for (const auto& loss : losses) {
    if (events.empty() || starts_event(loss, events.back().front().at)) events.emplace_back();
    events.back().push_back(loss);
  }
  return events;
}

std::uint64_t broken_requests(const Recording& recording, mcp::Duration from, mcp::Duration to) {
  const auto width = recording.timeline.width();
  const auto& slots = recording.timeline.slots();
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < slots.size(); ++at) {
    const auto begins = width * static_cast<std::int64_t>(at);
    if (begins + width <= from || begins > to) continue;
    count += slots[at].failures[index_of(Failure::refused)];
    count += slots[at].failures[index_of(Failure::reset)];
  }
  return count;
}

std::uint64_t open_sessions(const Recording& recording, mcp::Duration at) {
  const auto& slots = recording.timeline.slots();
  const auto before = static_cast<std::size_t>(at / recording.timeline.width());
  std::uint64_t opened = 0;
  std::uint64_t ended = 0;
  for (std::size_t slot = 0; slot < std::min(before, slots.size()); ++slot) {
    opened += slots[slot].sessions_opened + slots[slot].sessions_reinitialised;
    ended += slots[slot].sessions_closed + slots[slot].sessions_lost;
  }
  return opened > ended ? opened - ended : 0;
}

}  // namespace scenarios
