#include "cli/render/load/live_history.hpp"

namespace cli {
namespace {

LiveHistory::Percentiles percentiles_of(const scenarios::Histogram& histogram) {
  return {
      .count = histogram.count(), .p50 = histogram.percentile(50), .p99 = histogram.percentile(99)};
}

double seconds(mcp::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void LiveHistory::add(mcp::Duration at, const scenarios::LiveFigures& figures) {
  figures_ = figures;
  moments_.push_back({.at = at, .asked = figures.asked, .requests = figures.requests});
  while (moments_.size() > 2 && moments_[1].at <= at - lately) moments_.pop_front();
}

void LiveHistory::add(mcp::Duration at, const scenarios::LiveLatencies& latencies) {
  whole_ = percentiles_of(latencies.whole);
  scenarios::Histogram latest(scenarios::Digits::two);
  for (const auto& slot : latencies.last) {
    if (slot.from + slot.width > at - lately) latest.merge(slot.latency);
    if (slot.from + slot.width > at) continue;
    Point& point = points_[slot.from];
    point.rate = static_cast<double>(slot.ended) / seconds(slot.width);
    if (!slot.latency.empty()) point.p99 = slot.latency.percentile(99);
  }
  latest_ = percentiles_of(latest);
  while (points_.size() > kept) points_.erase(points_.begin());
}

double LiveHistory::change(std::uint64_t Moment::* count) const {
  if (moments_.size() < 2) return 0;
  const auto time = seconds(moments_.back().at - moments_.front().at);
  const auto more = moments_.back().*count - moments_.front().*count;
  return time > 0 ? static_cast<double>(more) / time : 0;
}

double LiveHistory::rate() const {
  return change(&Moment::requests);
}

double LiveHistory::intended_rate() const {
  return change(&Moment::asked);
}

std::vector<LiveHistory::Point> LiveHistory::points() const {
  std::vector<Point> points;
  points.reserve(points_.size());
  for (const auto& [from, point] : points_) points.push_back(point);
  return points;
}

}  // namespace cli
