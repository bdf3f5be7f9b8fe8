#include "cli/render/load/distribution.hpp"

#include <algorithm>
#include <array>

namespace cli {

std::span<const double> convention_bounds() {
  static constexpr std::array bounds = {0.01, 0.02, 0.05, 0.1,  0.2,  0.5,   1.0,
                                        2.0,  5.0,  10.0, 30.0, 60.0, 120.0, 300.0};
  return bounds;
}

std::span<const double> fine_bounds() {
  static constexpr std::array bounds = {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01,
                                        0.02,   0.05,   0.1,    0.2,   0.5,   1.0,   2.0,
                                        5.0,    10.0,   30.0,   60.0,  120.0, 300.0};
  return bounds;
}

Distribution distribution_of(const scenarios::Histogram& histogram,
                             std::span<const double> bounds) {
  constexpr double micros_in_second = 1e6;
  Distribution result{
      .bounds = {bounds.begin(), bounds.end()},
      .counts = std::vector<std::uint64_t>(bounds.size() + 1),
      .sum = histogram.mean() * static_cast<double>(histogram.count()) / micros_in_second};
  for (std::size_t index = 0; index < histogram.bucket_count(); ++index) {
    const auto count = histogram.count_at(index);
    if (count == 0) continue;
    // A hair wider, since 0.07 · 1e6 is not 70,000 in binary.
    const double value = static_cast<double>(histogram.lowest_of(index)) - 0.5;
    const auto place = std::ranges::find_if(
        bounds, [value](double bound) { return value <= bound * micros_in_second; });
    result.counts[static_cast<std::size_t>(place - bounds.begin())] += count;
  }
  return result;
}

void subtract(Distribution& from, const Distribution& part) {
  for (std::size_t at = 0; at < from.counts.size(); ++at) {
    from.counts[at] -= std::min(from.counts[at], part.counts[at]);
  }
  from.sum = std::max(0.0, from.sum - part.sum);
  if (from.count() == 0) from.sum = 0;
}

}  // namespace cli
