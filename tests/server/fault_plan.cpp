#include "tests/server/fault_plan.hpp"

#include <utility>

namespace mcp::testserver {

namespace {

/// SplitMix64: the standard library's distributions differ from one implementation to the next.
double next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  auto mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  mixed ^= mixed >> 31;
  return static_cast<double>(mixed >> 11) / static_cast<double>(1ULL << 53);
}

}  // namespace

FaultPlan::FaultPlan(std::vector<Fault> faults, std::uint64_t seed, TimePoint start)
    : start_(start) {
  // A generator for each fault, so that one more fault leaves the others' strikes as they were.
  std::uint64_t number = 0;
  for (auto& fault : faults) {
    entries_.push_back({.fault = std::move(fault), .random = seed * 1'000'003 + ++number});
  }
}

Strikes FaultPlan::strike(std::string_view method, TimePoint now) {
  Strikes strikes_now;
  for (auto& entry : entries_) {
    if (!entry.fault.fits(method) || now - start_ < entry.fault.after) continue;
    ++entry.seen;
    if (strikes(entry)) strikes_now.add(entry.fault);
  }
  return strikes_now;
}

bool FaultPlan::strikes(Entry& entry) {
  const auto& fault = entry.fault;
  const auto seen = entry.seen;
  // Drawn for each request, so that the schedule does not shift the sequence.
  const bool lucky = fault.probability >= 1 || next_random(entry.random) < fault.probability;
  if (fault.every > 0 && seen % fault.every != 0) return false;
  if (fault.nth > 0 && seen != fault.nth) return false;
  if (seen < fault.from) return false;
  if (fault.until > 0 && seen > fault.until) return false;
  return lucky;
}

}  // namespace mcp::testserver
