#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/random.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/timetable.hpp"

namespace scenarios {

/// The intended starts of one agent in the phases with rates, in order, counted from the first
/// phase. Even: the agents take the ticks of the timetable in turn. Random: each agent has a
/// Poisson process with its share of the rate; together they are one with the whole rate.
class Pacer {
 public:
  /// `index` counts from 0. The timetable must outlive the pacer.
  static Pacer even(const Timetable& timetable, std::uint64_t index, std::uint64_t agents);
  static Pacer poisson(const Timetable& timetable, std::uint64_t agents, Random random);

  std::optional<mcp::Duration> next();

 private:
  Pacer(const Timetable& timetable, std::uint64_t agents, std::uint64_t position,
        std::optional<Random> random)
      : timetable_(&timetable), agents_(agents), position_(position), random_(random) {}

  const Timetable* timetable_;
  std::uint64_t agents_;
  std::uint64_t position_;  // the next tick; random: requests expected so far, in 2^-20ths
  std::optional<Random> random_;
};

/// The intended starts within one burst, counted from its start: evenly, the first one at once; or
/// each at a random instant of its own even share of the time.
class BurstPacer {
 public:
  explicit BurstPacer(const Burst& burst)
      : calls_(static_cast<std::uint64_t>(burst.calls)),
        over_(burst.over),
        spacing_(burst.spacing) {}

  std::optional<mcp::Duration> next(Random& random);

 private:
  std::uint64_t calls_;
  std::uint64_t made_ = 0;
  mcp::Duration over_;
  Spacing spacing_;
};

}  // namespace scenarios
