#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/diagnosis.hpp"
#include "scenarios/loss_pattern.hpp"

/// What a diagnosis says; `count` is left to the caller.
namespace scenarios {

struct AffinityFacts {
  std::uint64_t fresh = 0;  // unknown to the first request after initialize
  std::uint64_t later = 0;  // unknown after an answer
  int status = 0;
  std::uint64_t sessions = 0;  // that were opened
  std::uint64_t calls = 0;     // that were answered well
};
Diagnosis no_affinity(const AffinityFacts& facts);
/// Nothing was ever answered: a server that forgets at once looks the same.
Diagnosis forgetful(const AffinityFacts& facts);

/// `survived` is the longest idle time that a session was alive after.
Diagnosis idle_limit(const LossPattern& pattern, mcp::Duration survived, std::uint64_t reconnects);
Diagnosis age_limit(const LossPattern& pattern);
/// Of connections and streams.
Diagnosis idle_timer(Subject subject, const LossPattern& pattern,
                     const std::vector<Incident>& cuts);

struct EventFacts {
  Subject subject = Subject::session;
  StartTime start;
  std::uint64_t broken = 0;  // requests that found nobody at that time, or whose connection broke
  std::uint64_t open = 0;    // sessions that were open a moment before
};
Diagnosis one_event(const LossPattern& pattern, const EventFacts& facts);
/// All were silent before it: one event, or all of them were silent for too long.
Diagnosis event_or_limit(const LossPattern& pattern, const EventFacts& facts);
Diagnosis no_cause(Subject subject, const LossPattern& pattern);

}  // namespace scenarios
