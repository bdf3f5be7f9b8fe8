#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording.hpp"

namespace scenarios {

using StartTime = std::chrono::sys_time<std::chrono::milliseconds>;

enum class Cause : std::uint8_t {
  no_affinity,  // requests of a session reach replicas that do not know it
  idle_limit,   // what is silent for too long is ended
  age_limit,    // a session may live only so long
  restart,      // many ended at one moment
  unknown,      // what was seen fits none of these, or more than one
};
std::string_view to_string(Cause cause);

/// Why some of the incidents of a run happened, as far as the recording can tell.
struct Diagnosis {
  Subject subject = Subject::session;
  Cause cause = Cause::unknown;
  std::uint64_t count = 0;  // of the incidents that it explains
  std::string conclusion;   // the likely cause
  std::string evidence;     // what was seen

  friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

/// Sessions first, then connections and streams; each incident whose details were kept is in one
/// of them. A cause is named only where all that was seen fits it and no other one. `start` is
/// that of the run; times of the day are UTC.
std::vector<Diagnosis> diagnose(const Recording& recording, StartTime start);

}  // namespace scenarios
