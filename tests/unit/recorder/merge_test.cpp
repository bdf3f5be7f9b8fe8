#include <doctest/doctest.h>

#include <random>
#include <stdexcept>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;

namespace {

Recording merged(Recording left, const Recording& right) {
  left.merge(right);
  return left;
}

}  // namespace

TEST_CASE("merge: any split of a run over recorders gives the one big run, in any grouping") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    // From seconds to days: the longer ones have their seconds coarsened.
    const double length = 20.0 * static_cast<double>(1U << seed);
    const auto events = simulation::random_run(seed, 3000, length);
    std::mt19937_64 random(seed);
    const auto recorders = simulation::play(
        events, 4, [&](std::size_t) { return static_cast<std::size_t>(random() % 4); }, length);
    const auto part = [&](std::size_t index) { return recorders[index].recording(); };

    auto one = simulation::record(events, length);
    one.threads = 4;
    const auto left = merged(merged(merged(part(0), part(1)), part(2)), part(3));
    const auto right = merged(part(3), merged(part(2), merged(part(1), part(0))));
    const auto tree = merged(merged(part(2), part(0)), merged(part(1), part(3)));
    CHECK(left == one);
    CHECK(right == one);
    CHECK(tree == one);
  }
}

TEST_CASE("merge: a split by time, where the parts have different resolutions, is exact too") {
  const double length = 20000;
  const auto events = simulation::random_run(7, 4000, length);
  const auto recorders =
      simulation::play(events, 3, [&](std::size_t index) { return index * 3 / 4000; }, length);
  auto one = simulation::record(events, length);
  one.threads = 3;
  auto sum = recorders[1].recording();
  CHECK(sum.timeline.width() != recorders[0].recording().timeline.width());
  sum.merge(recorders[0].recording());
  sum.merge(recorders[2].recording());
  CHECK(sum == one);
}

TEST_CASE("merge: a recording without threads is the neutral element") {
  const auto one = simulation::record(simulation::random_run(1, 500, 20), 20);
  CHECK(merged(Recording{}, one) == one);
  CHECK(merged(one, Recording{}) == one);
}

TEST_CASE("merge: recordings of different plans are refused") {
  auto one = simulation::record({}, 1);
  auto other = one;
  other.steps.pop_back();
  CHECK_THROWS_AS(one.merge(other), std::logic_error);
}

TEST_CASE("merge: four shards equal one run") {
  const simulation::Queue queue{.rate = 400, .length = 20, .noise = 0.3, .failing = 0.02};
  Recording shards;
  for (std::size_t shard = 0; shard < 4; ++shard) shards.merge(simulation::run(queue, shard, 4));
  auto one = simulation::run(queue);
  one.threads = 4;
  CHECK(shards == one);
}
