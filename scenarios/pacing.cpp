#include "scenarios/pacing.hpp"

#include <cmath>

namespace scenarios {

Pacer Pacer::even(const Timetable& timetable, std::uint64_t index, std::uint64_t agents) {
  return {timetable, agents, index, std::nullopt};
}

Pacer Pacer::poisson(const Timetable& timetable, std::uint64_t agents, Random random) {
  return {timetable, agents, 0, random};
}

std::optional<mcp::Duration> Pacer::next() {
  if (!random_) {
    if (position_ >= timetable_->ticks()) return std::nullopt;
    const auto at = timetable_->at(position_);
    position_ += agents_;
    return at;
  }
  const double gap = random_->exponential() * static_cast<double>(agents_);
  position_ += static_cast<std::uint64_t>(std::llround(std::ldexp(gap, Timetable::fraction_bits)));
  return timetable_->expected(position_);
}

std::optional<mcp::Duration> BurstPacer::next(Random& random) {
  if (made_ >= calls_) return std::nullopt;
  const auto whole = static_cast<std::uint64_t>(over_.count());
  const std::uint64_t start = scaled(made_, whole, calls_);
  const std::uint64_t end = scaled(made_ + 1, whole, calls_);
  ++made_;
  const std::uint64_t shift = spacing_ == Spacing::jittered ? random.below(end - start) : 0;
  return mcp::Duration(static_cast<std::int64_t>(start + shift));
}

}  // namespace scenarios
