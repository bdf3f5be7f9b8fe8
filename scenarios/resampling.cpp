#include "scenarios/resampling.hpp"

#include <algorithm>
#include <cmath>

namespace scenarios {
namespace {

/// Slots within the schedule in which anything was to be done.
std::vector<const Slot*> active_slots(const Recording& recording) {
  std::vector<const Slot*> active;
  const auto& slots = recording.timeline.slots();
  for (std::size_t index = 0; index < slots.size(); ++index) {
    const auto from = recording.timeline.width() * static_cast<mcp::Duration::rep>(index);
    const bool scheduled = from < recording.ran;
    if (scheduled && (slots[index].intended != 0 || slots[index].answered != 0))
      active.push_back(&slots[index]);
  }
  return active;
}

double autocorrelation(const std::vector<double>& values, std::size_t lag) {
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double same = 0;
  double apart = 0;
  for (std::size_t at = 0; at < values.size(); ++at) {
    same += (values[at] - mean) * (values[at] - mean);
    if (at >= lag) apart += (values[at] - mean) * (values[at - lag] - mean);
  }
  return same > 0 ? apart / same : 0;
}

/// From how far apart on values are no longer alike beyond chance (the bound for that is Politis
/// and White's, "Automatic block-length selection for the dependent bootstrap", 2004).
std::size_t reach_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double bound = 2 * std::sqrt(std::log10(count) / count);
  std::size_t lag = 1;
  while (lag < values.size() / 4 && std::abs(autocorrelation(values, lag)) > bound) ++lag;
  return lag - 1;
}

std::uint64_t rank_of(std::uint64_t percent, std::uint64_t total) {
  return (total * percent + 99) / 100;
}

/// Where that rank lies among the counts.
std::size_t bucket_of_rank(const std::vector<std::uint64_t>& counts, std::uint64_t rank) {
  std::uint64_t seen = 0;
  for (std::size_t index = 0; index < counts.size(); ++index) {
    seen += counts[index];
    if (seen >= rank) return index;
  }
  return counts.empty() ? 0 : counts.size() - 1;
}

}  // namespace

SampledRun::SampledRun(const Recording& recording, const std::vector<StepId>& steps)
    : steps_(steps.size()) {
  const auto slots = active_slots(recording);
  const std::size_t group = slots.size() / most_units + 1;
  for (std::size_t first = 0; first < slots.size(); first += group) {
    Slot sum;
    for (std::size_t at = first; at < std::min(first + group, slots.size()); ++at)
      sum.merge(*slots[at]);
    Unit unit{.intended = sum.intended,
              .answered = sum.answered,
              .failed = failed_requests(sum.failures)};
    for (const StepId step : steps) {
      const Histogram& latency = sum.latency(step);
      auto& buckets = unit.latencies.emplace_back();
      for (std::size_t index = 0; index < latency.bucket_count(); ++index)
        if (latency.count_at(index) != 0)
          buckets.push_back({static_cast<std::uint32_t>(index), latency.count_at(index)});
      if (!buckets.empty()) buckets_ = std::max<std::size_t>(buckets_, buckets.back().index + 1);
    }
    units_.push_back(std::move(unit));
  }
  choose_block();
}

/// Blocks are long enough to hold together what is alike (a queue that drains, a stall), and short
/// enough to leave some to draw from.
void SampledRun::choose_block() {
  if (units_.size() < 4) return;
  const Histogram layout(Digits::two);
  std::vector<double> levels;
  for (const auto& unit : units_) {
    double sum = 0;
    double count = 0;
    for (const auto& step : unit.latencies) {
      for (const auto& bucket : step) {
        const auto weight = static_cast<double>(bucket.count);
        sum += std::log(static_cast<double>(layout.highest_of(bucket.index)) + 1) * weight;
        count += weight;
      }
    }
    levels.push_back(count > 0 ? sum / count : 0);
  }
  const auto shortest = static_cast<std::size_t>(std::lround(std::cbrt(units_.size())));
  block_ = std::clamp(2 * reach_of(levels), shortest, std::max(shortest, units_.size() / 4));
}

double SampledRun::sources_of_p99(std::size_t step) const {
  std::vector<std::uint64_t> counts(buckets_);
  for (const auto& unit : units_)
    for (const auto& bucket : unit.latencies[step]) counts[bucket.index] += bucket.count;
  const std::size_t slow_from = bucket_of_rank(counts, rank_of(99, requests_of(step)));
  double sum = 0;
  double squares = 0;
  for (std::size_t first = 0; first < units_.size(); first += block_) {
    double slow = 0;
    for (std::size_t at = first; at < std::min(first + block_, units_.size()); ++at)
      for (const auto& bucket : units_[at].latencies[step])
        slow += bucket.index >= slow_from ? static_cast<double>(bucket.count) : 0;
    sum += slow;
    squares += slow * slow;
  }
  return squares > 0 ? sum * sum / squares : 0;
}

std::size_t SampledRun::units_with(std::size_t step) const {
  return static_cast<std::size_t>(
      std::count_if(units_.begin(), units_.end(),
                    [&](const Unit& unit) { return !unit.latencies[step].empty(); }));
}

std::uint64_t SampledRun::requests_of(std::size_t step) const {
  std::uint64_t requests = 0;
  for (const auto& unit : units_)
    for (const auto& bucket : unit.latencies[step]) requests += bucket.count;
  return requests;
}

RunFigures SampledRun::figures() const {
  std::vector<const Unit*> all;
  for (const auto& unit : units_) all.push_back(&unit);
  return figures_of(all);
}

RunFigures SampledRun::draw(std::mt19937_64& random) const {
  std::vector<const Unit*> drawn;
  while (drawn.size() < units_.size()) {
    const std::size_t first = random() % units_.size();
    for (std::size_t at = 0; at < block_ && drawn.size() < units_.size(); ++at)
      drawn.push_back(&units_[(first + at) % units_.size()]);
  }
  return figures_of(drawn);
}

RunFigures SampledRun::figures_of(const std::vector<const Unit*>& units) const {
  RunFigures figures;
  std::uint64_t intended = 0;
  std::uint64_t answered = 0;
  std::uint64_t failed = 0;
  for (const Unit* unit : units) {
    intended += unit->intended;
    answered += unit->answered;
    failed += unit->failed;
  }
  if (intended != 0) {
    figures.error_rate = static_cast<double>(failed) / static_cast<double>(intended);
    figures.rate = static_cast<double>(answered) / static_cast<double>(intended);
  }
  for (std::size_t step = 0; step < steps_; ++step)
    figures.latencies.push_back(latency_of(units, step));
  return figures;
}

RunFigures::Latency SampledRun::latency_of(const std::vector<const Unit*>& units,
                                           std::size_t step) const {
  std::vector<std::uint64_t> counts(buckets_);
  std::uint64_t total = 0;
  for (const Unit* unit : units) {
    for (const auto& bucket : unit->latencies[step]) {
      counts[bucket.index] += bucket.count;
      total += bucket.count;
    }
  }
  const Histogram layout(Digits::two);
  const auto log_of = [&](std::uint64_t percent) {
    const std::size_t index = bucket_of_rank(counts, rank_of(percent, total));
    return std::log(static_cast<double>(layout.highest_of(index)) + 1);
  };
  return {.p50 = log_of(50), .p99 = log_of(99)};
}

}  // namespace scenarios
