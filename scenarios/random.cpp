#include "scenarios/random.hpp"

#include <bit>
#include <cmath>

namespace scenarios {
namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31U);
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t with) {
  std::uint64_t state = seed;
  state = splitmix(state) ^ with;
  return splitmix(state);
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) word = splitmix(seed);
}

Random::Random(std::uint64_t seed, std::uint64_t agent, std::uint64_t purpose)
    : Random(mix(mix(seed, agent), purpose)) {}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
  if (bound < 2) return 0;
  // Values of the last, incomplete range are drawn again, or the small ones would come more often.
  const std::uint64_t first_fair = (0 - bound) % bound;
  std::uint64_t drawn = next();
  while (drawn < first_fair) drawn = next();
  return drawn % bound;
}

double Random::real() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

double Random::exponential() {
  return -std::log1p(-real());
}

}  // namespace scenarios
