#pragma once

#include <cstdint>

#include "mcp/base/time.hpp"

namespace probes::sidecar {

/// When the next probe is due: each interval, spread so that many sidecars do not keep step, and
/// more often while a server starts. The same seed gives the same times.
class Schedule {
 public:
  Schedule(mcp::Duration interval, double jitter, std::uint64_t seed)
      : interval_(interval), jitter_(jitter), random_(seed) {}

  mcp::TimePoint next(mcp::TimePoint started, mcp::TimePoint ended);
  mcp::TimePoint next_while_starting(mcp::TimePoint started, mcp::TimePoint ended) const;

 private:
  mcp::Duration interval_;
  double jitter_;
  std::uint64_t random_;
};

}  // namespace probes::sidecar
