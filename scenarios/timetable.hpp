#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// `value` · `numerator` / `denominator`, rounded down, without overflow in between.
std::uint64_t scaled(std::uint64_t value, std::uint64_t numerator, std::uint64_t denominator);

/// When the requests of a run with rates are due, counted from the start of its first phase. Every
/// tick is computed from its number, so that nothing adds up over a long run and every shard finds
/// the same ticks. Each phase begins with a tick.
class Timetable {
 public:
  Timetable() = default;
  explicit Timetable(const std::vector<Phase>& phases);

  std::uint64_t ticks() const { return ticks_; }
  /// `tick` must be less than `ticks()`.
  mcp::Duration at(std::uint64_t tick) const;
  mcp::Duration length() const { return length_; }
  /// When that many requests are expected to have been due, in 2^-20ths of a request; none after
  /// the end. For random arrivals.
  std::optional<mcp::Duration> expected(std::uint64_t count) const;

  static constexpr unsigned fraction_bits = 20;

 private:
  struct Segment {
    mcp::Duration start{};
    mcp::Duration length{};
    Rate from;
    Rate to;
    std::uint64_t first_tick = 0;
    std::uint64_t expected_before = 0;  // in 2^-20ths
    std::uint64_t expected = 0;
    bool is_level() const { return from == to; }
  };
  static mcp::Duration ramp_time(const Segment& segment, double requests);

  std::vector<Segment> segments_;
  std::uint64_t ticks_ = 0;
  mcp::Duration length_{};
};

}  // namespace scenarios
