#include "scenarios/capacity_finder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace scenarios {
namespace {

/// With three significant digits: nobody asks for 123.456/s.
Rate rounded(double per_second) {
  const double unit = std::pow(10, std::floor(std::log10(per_second)) - 2);
  const double value = std::round(per_second / unit) * unit;
  const auto thousandths = static_cast<std::int64_t>(std::llround(value * 1000));
  if (thousandths % 1000 == 0) return {.count = thousandths / 1000};
  return {.count = std::max<std::int64_t>(thousandths, 1), .per = std::chrono::seconds(1000)};
}

constexpr std::array<std::string_view, 5> verdicts = {"searching", "found", "never_broken",
                                                      "always_broken", "saturated"};

}  // namespace

std::string_view to_string(CapacityFinder::Verdict verdict) {
  return verdicts[static_cast<std::size_t>(verdict)];
}

std::optional<CapacityFinder::Verdict> capacity_verdict_named(std::string_view name) {
  const auto* found = std::ranges::find(verdicts, name);
  if (found == verdicts.end()) return std::nullopt;
  return static_cast<CapacityFinder::Verdict>(found - verdicts.begin());
}

std::optional<Rate> CapacityFinder::next() const {
  if (saturated_ || steps_.size() >= most_steps) return std::nullopt;
  if (doubted_) return doubted_;
  if (!broken_) {
    if (!kept_) return search_.from;
    if (kept_->per_second() >= search_.to.per_second()) return std::nullopt;
    const auto raised = rounded(kept_->per_second() * search_.growth_permille / 1000);
    // Rounding may not bring the search to a halt.
    if (raised.per_second() <= kept_->per_second()) return search_.to;
    return raised.per_second() < search_.to.per_second() ? raised : search_.to;
  }
  if (!kept_ || is_narrow()) return std::nullopt;
  const auto middle = rounded(std::sqrt(kept_->per_second() * broken_->per_second()));
  const bool between =
      middle.per_second() > kept_->per_second() && middle.per_second() < broken_->per_second();
  return between ? std::optional(middle) : std::nullopt;
}

void CapacityFinder::add(CapacityStep step) {
  steps_.push_back(step);
  if (step.kept && !step.saturated) {
    doubted_.reset();
    kept_ = step.rate;
    return;
  }
  reason_ = std::move(step.reason);
  if (doubted_ != step.rate) {
    doubted_ = step.rate;
    return;
  }
  doubted_.reset();
  (step.saturated ? saturated_ : broken_) = step.rate;
}

bool CapacityFinder::is_narrow() const {
  return broken_->per_second() <= kept_->per_second() * (1 + search_.within_permille / 1000.0);
}

std::optional<Rate> CapacityFinder::knee() const {
  std::vector<const CapacityStep*> kept;
  for (const auto& step : steps_) {
    if (step.kept && !step.saturated) kept.push_back(&step);
  }
  std::ranges::sort(kept, {}, [](const auto* step) { return step->rate.per_second(); });
  if (kept.empty()) return std::nullopt;
  const auto bound = 3 * kept.front()->p99;
  std::optional<Rate> knee;
  for (const auto* step : kept) {
    if (step->p99 > bound) break;
    knee = step->rate;
  }
  return knee;
}

CapacityFinder::Result CapacityFinder::result() const {
  Result result{.kept = kept_,
                .broken = broken_,
                .knee = knee(),
                .saturated = saturated_,
                .reason = broken_ || saturated_ ? reason_ : ""};
  const bool at_the_top = kept_ && kept_->per_second() >= search_.to.per_second();
  if (saturated_) {
    result.verdict = Verdict::saturated;
  } else if (next()) {
    result.verdict = Verdict::searching;
  } else if (broken_) {
    result.verdict = kept_ ? Verdict::found : Verdict::always_broken;
  } else if (at_the_top) {
    result.verdict = Verdict::never_broken;
  }
  return result;
}

std::string to_text(const CapacityFinder::Result& result) {
  const auto rate = [](const std::optional<Rate>& value) {
    return value ? to_text(*value) : "nothing";
  };
  const bool queues = result.knee && result.kept && *result.knee != *result.kept;
  const auto knee =
      queues ? fmt::format(" (queues from {} on)", to_text(*result.knee)) : std::string();
  switch (result.verdict) {
    case CapacityFinder::Verdict::searching:
      if (!result.kept) return "not known yet";
      if (!result.broken) return fmt::format("keeps {} at least{}", rate(result.kept), knee);
      return fmt::format("keeps {}, breaks at {} or below: {}{}", rate(result.kept),
                         rate(result.broken), result.reason, knee);
    case CapacityFinder::Verdict::never_broken:
      return fmt::format("keeps {}, and was asked for no more{}", rate(result.kept), knee);
    case CapacityFinder::Verdict::always_broken:
      return fmt::format("breaks at {} already: {}", rate(result.broken), result.reason);
    case CapacityFinder::Verdict::saturated:
      return fmt::format("keeps {}{}; at {} the driver itself was too slow: {}", rate(result.kept),
                         knee, rate(result.saturated), result.reason);
    case CapacityFinder::Verdict::found:
      break;
  }
  return fmt::format("keeps {}, breaks at {}: {}{}", rate(result.kept), rate(result.broken),
                     result.reason, knee);
}

}  // namespace scenarios
