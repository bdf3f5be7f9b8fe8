#include "scenarios/timetable.hpp"

#include <algorithm>
#include <cmath>

namespace scenarios {
namespace {

// Rates of 10 million a second over days do not fit into 64 bits on the way.
__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t one = 1ULL << Timetable::fraction_bits;

std::uint64_t nanoseconds(mcp::Duration duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count());
}

mcp::Duration from_nanoseconds(std::uint64_t count) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(count));
}

double per_nanosecond(const Rate& rate) {
  return static_cast<double>(rate.count) / static_cast<double>(nanoseconds(rate.per));
}

/// Requests of a level phase, in 2^-20ths.
std::uint64_t level_requests(const Rate& rate, mcp::Duration length) {
  const Wide product =
      static_cast<Wide>(nanoseconds(length)) * static_cast<std::uint64_t>(rate.count);
  return static_cast<std::uint64_t>((product << Timetable::fraction_bits) / nanoseconds(rate.per));
}

}  // namespace

std::uint64_t scaled(std::uint64_t value, std::uint64_t numerator, std::uint64_t denominator) {
  return static_cast<std::uint64_t>(static_cast<Wide>(value) * numerator / denominator);
}

Timetable::Timetable(const std::vector<Phase>& phases) {
  std::uint64_t expected = 0;
  for (const auto& phase : phases) {
    Segment segment{.start = length_,
                    .length = phase.length,
                    .from = phase.from.value_or(Rate{}),
                    .to = phase.to.value_or(Rate{}),
                    .first_tick = ticks_,
                    .expected_before = expected};
    if (segment.is_level()) {
      segment.expected = level_requests(segment.to, segment.length);
    } else {
      const double mean = (per_nanosecond(segment.from) + per_nanosecond(segment.to)) / 2;
      const double requests = mean * static_cast<double>(nanoseconds(segment.length));
      segment.expected =
          static_cast<std::uint64_t>(std::llround(requests * static_cast<double>(one)));
    }
    // Each begun request has its tick; what is the rounding of a product alone has none.
    ticks_ += (segment.expected + one - 2) / one;
    expected += segment.expected;
    length_ += segment.length;
    segments_.push_back(segment);
  }
}

mcp::Duration Timetable::at(std::uint64_t tick) const {
  const auto after = std::ranges::upper_bound(segments_, tick, {}, &Segment::first_tick);
  const Segment& segment = *std::prev(after);
  const std::uint64_t index = tick - segment.first_tick;
  if (!segment.is_level()) return segment.start + ramp_time(segment, static_cast<double>(index));
  return segment.start + from_nanoseconds(scaled(index, nanoseconds(segment.to.per),
                                                 static_cast<std::uint64_t>(segment.to.count)));
}

std::optional<mcp::Duration> Timetable::expected(std::uint64_t count) const {
  const auto after = std::ranges::upper_bound(segments_, count, {}, &Segment::expected_before);
  if (after == segments_.begin()) return std::nullopt;
  const Segment& segment = *std::prev(after);
  const std::uint64_t rest = count - segment.expected_before;
  if (rest >= segment.expected) return std::nullopt;
  if (!segment.is_level()) {
    return segment.start + ramp_time(segment, static_cast<double>(rest) / static_cast<double>(one));
  }
  const std::uint64_t scale = static_cast<std::uint64_t>(segment.to.count) * one;
  return segment.start + from_nanoseconds(scaled(rest, nanoseconds(segment.to.per), scale));
}

/// Solves from·t + (to − from)·t²/(2·length) = requests, in the form that loses no digits when the
/// rates are nearly equal.
mcp::Duration Timetable::ramp_time(const Segment& segment, double requests) {
  const double from = per_nanosecond(segment.from);
  const double to = per_nanosecond(segment.to);
  const auto length = static_cast<double>(nanoseconds(segment.length));
  const double under_root = from * from + 2 * requests * (to - from) / length;
  const double denominator = from + std::sqrt(std::max(under_root, 0.0));
  if (denominator <= 0) return {};
  const double time = std::min(2 * requests / denominator, length - 1);
  return from_nanoseconds(static_cast<std::uint64_t>(std::max(time, 0.0)));
}

}  // namespace scenarios
