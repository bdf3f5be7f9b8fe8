#pragma once

#include <array>
#include <cstdint>

namespace scenarios {

/// A stream of random numbers that is the same on every machine and with every compiler:
/// xoshiro256** (Blackman and Vigna), seeded through splitmix64.
class Random {
 public:
  explicit Random(std::uint64_t seed);
  /// The stream `purpose` of agent `agent` in a run with `seed`: it depends on nothing else, so
  /// that a shard draws what the whole run would.
  Random(std::uint64_t seed, std::uint64_t agent, std::uint64_t purpose);

  std::uint64_t next();
  /// Evenly from 0 to `bound` − 1; 0 when `bound` is 0.
  std::uint64_t below(std::uint64_t bound);
  /// Evenly from [0, 1).
  double real();
  /// Exponentially distributed with mean 1.
  double exponential();

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace scenarios
