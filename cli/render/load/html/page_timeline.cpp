#include "cli/render/load/html/page_timeline.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scenarios/results_fields.hpp"

namespace cli {
namespace {

using nlohmann::json;
using namespace scenarios;

std::vector<Slot> joined_slots(const std::vector<Slot>& slots, std::size_t each) {
  std::vector<Slot> joined((slots.size() + each - 1) / each);
  for (std::size_t at = 0; at < slots.size(); ++at) joined[at / each].merge(slots[at]);
  return joined;
}

/// Percentiles of all steps; null in a slot without latencies.
json latency_columns(const std::vector<Slot>& slots) {
  json p50 = json::array();
  json p99 = json::array();
  json max = json::array();
  for (const auto& slot : slots) {
    Histogram all(Digits::two);
    for (const auto& step : slot.steps) all.merge(step.latency);
    p50.push_back(all.empty() ? json() : json(all.percentile(50)));
    p99.push_back(all.empty() ? json() : json(all.percentile(99)));
    max.push_back(all.empty() ? json() : json(all.max()));
  }
  return {{"p50", std::move(p50)}, {"p99", std::move(p99)}, {"max", std::move(max)}};
}

json failure_columns(const std::vector<Slot>& slots) {
  json columns = json::object();
  for (std::size_t failure = 0; failure < failure_count; ++failure) {
    const auto count = [failure](const Slot& slot) { return slot.failures[failure]; };
    if (std::ranges::none_of(slots, count)) continue;
    json column = json::array();
    for (const auto& slot : slots) column.push_back(count(slot));
    columns[std::string(to_string(static_cast<Failure>(failure)))] = std::move(column);
  }
  return columns;
}

/// How many sessions there were at the end of each slot.
json held_column(const std::vector<Slot>& slots) {
  json column = json::array();
  std::uint64_t begun = 0;
  std::uint64_t over = 0;
  for (const auto& slot : slots) {
    begun += slot.sessions_opened + slot.sessions_reinitialised;
    over += slot.sessions_closed + slot.sessions_lost;
    column.push_back(begun - std::min(begun, over));
  }
  return column;
}

std::int64_t millis(mcp::Duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

/// from, to, from, to, …: with those that have less than `least` between them joined.
json spans(const ActivityLog::Agent& agent, Activity activity, mcp::Duration least) {
  std::vector<Interval> kept;
  for (const auto& one : agent.intervals) {
    if (one.activity != activity) continue;
    if (kept.empty() || one.from - kept.back().to >= least)
      kept.push_back(one);
    else
      kept.back().to = std::max(kept.back().to, one.to);
  }
  json list = json::array();
  for (const auto& one : kept) {
    list.push_back(millis(one.from));
    list.push_back(millis(one.to));
  }
  return list;
}

json cuts_of(const Recording& recording, const std::vector<ActivityLog::Agent>& agents,
             std::size_t most) {
  json cuts = json::array();
  for (const auto& one : recording.incidents.first()) {
    if (!std::ranges::binary_search(agents, one.agent, {}, &ActivityLog::Agent::id)) continue;
    if (cuts.size() == most) break;
    cuts.push_back({{"at", millis(one.at)},
                    {"agent", one.agent},
                    {"subject", to_string(one.subject)},
                    {"by", to_string(one.by)},
                    {"http_status", one.http_status},
                    {"idle", millis(one.idle)}});
  }
  return cuts;
}

}  // namespace

json page_timeline_json(const Recording& recording, const PageLimits& limits) {
  const auto& all = recording.timeline.slots();
  const std::size_t each =
      std::max<std::size_t>(1, (all.size() + limits.points - 1) / limits.points);
  const auto slots = joined_slots(all, each);
  const double width = std::chrono::duration<double>(recording.timeline.width()).count();
  json columns = json::object();
  for (const auto& counter : slot_counters) {
    json column = json::array();
    for (const auto& slot : slots) column.push_back(slot.*counter.member);
    columns[std::string(counter.name)] = std::move(column);
  }
  return {{"point_seconds", width * static_cast<double>(each)},
          {"slots_joined", each},
          {"latency_micros", latency_columns(slots)},
          {"failures", failure_columns(slots)},
          {"sessions_held", held_column(slots)},
          {"counts", std::move(columns)}};
}

json page_agents_json(const Recording& recording, const PageLimits& limits) {
  auto sampled = recording.activity.sampled();
  const std::size_t known = sampled.size();
  sampled.resize(std::min(known, limits.agents));
  mcp::Duration end = recording.ran;
  for (const auto& agent : sampled)
    if (!agent.intervals.empty()) end = std::max(end, agent.intervals.back().to);
  const mcp::Duration least = end / static_cast<std::int64_t>(limits.columns);
  json lanes = json::array();
  for (const auto& agent : sampled) {
    lanes.push_back({{"agent", agent.id},
                     {"left_out", agent.left_out},
                     {"bursts", spans(agent, Activity::burst, least)},
                     {"idles", spans(agent, Activity::idle, least)}});
  }
  return {{"sampled", known},
          {"shortest_millis", millis(least)},
          {"lanes", std::move(lanes)},
          {"cuts", cuts_of(recording, sampled, limits.marks)}};
}

}  // namespace cli
