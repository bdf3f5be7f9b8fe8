#include "probes/sidecar/schedule.hpp"

#include <algorithm>

namespace probes::sidecar {
namespace {

/// From 0 up to 1, not included (splitmix64: the standard's distributions differ by library).
double draw(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  auto mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
  mixed ^= mixed >> 31U;
  return static_cast<double>(mixed >> 11U) * 0x1.0p-53;
}

/// A server whose probes take longer than the interval is not asked without rest.
constexpr int rest = 10;

}  // namespace

mcp::TimePoint Schedule::next(mcp::TimePoint started, mcp::TimePoint ended) {
  const double factor = 1 + jitter_ * (2 * draw(random_) - 1);
  const auto wait =
      std::chrono::duration_cast<mcp::Duration>(std::chrono::duration<double>(interval_) * factor);
  return std::max(started + wait, ended + interval_ / rest);
}

mcp::TimePoint Schedule::next_while_starting(mcp::TimePoint started, mcp::TimePoint ended) const {
  const auto wait = std::min<mcp::Duration>(interval_, std::chrono::seconds(1));
  return std::max(started + wait, ended + wait / rest);
}

}  // namespace probes::sidecar
