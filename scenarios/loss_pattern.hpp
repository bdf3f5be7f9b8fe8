#pragma once

#include <cstddef>
#include <vector>

#include "scenarios/recording.hpp"

namespace scenarios {

/// The least, middle and greatest of some durations.
struct Spread3 {
  mcp::Duration least{};
  mcp::Duration middle{};
  mcp::Duration most{};

  mcp::Duration width() const { return most - least; }
  /// That close together that one timer can have made them all.
  bool is_one_time() const;
};

/// What a number of losses have in common. All times count from the start of the run.
struct LossPattern {
  std::size_t losses = 0;
  std::size_t agents = 0;
  mcp::Duration first{};        // when it was noticed
  mcp::Duration last{};         //
  mcp::Duration latest_sign{};  // the last traffic on any of them before it was noticed
  Spread3 idle;
  Spread3 age;

  /// One event can have ended them all: each agent lost one, and none was in use after the first
  /// loss, give or take what it takes to answer.
  bool is_one_event() const;
};
LossPattern pattern_of(const std::vector<Incident>& losses);

/// In the order of time, split where a loss cannot belong to the event of those before it.
std::vector<std::vector<Incident>> split_by_event(std::vector<Incident> losses);

/// Requests that found nobody, or whose connection broke, around that time.
std::uint64_t broken_requests(const Recording& recording, mcp::Duration from, mcp::Duration to);
/// Sessions that were open when the slot of that time began.
std::uint64_t open_sessions(const Recording& recording, mcp::Duration at);

}  // namespace scenarios
