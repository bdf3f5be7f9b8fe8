#include "scenarios/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

using scenarios::Digits;
using scenarios::Histogram;

namespace {

std::vector<std::uint64_t> random_values(unsigned seed, std::size_t how_many) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(7, 2);
  std::vector<std::uint64_t> values;
  for (std::size_t at = 0; at < how_many; ++at)
    values.push_back(static_cast<std::uint64_t>(latency(random)));
  return values;
}

Histogram histogram_of(const std::vector<std::uint64_t>& values, Digits digits = Digits::three) {
  Histogram histogram(digits);
  for (const auto value : values) histogram.add(value);
  return histogram;
}

}  // namespace

TEST_CASE("histogram: an empty one answers 0") {
  const Histogram empty;
  CHECK(empty.count() == 0);
  CHECK(empty.percentile(99) == 0);
  CHECK(empty.min() == 0);
  CHECK(empty.max() == 0);
  CHECK(empty.mean() == 0);
}

TEST_CASE("histogram: small values are exact") {
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 1000; ++value) histogram.add(value);
  CHECK(histogram.percentile(50) == 500);
  CHECK(histogram.percentile(99) == 990);
  CHECK(histogram.percentile(99.9) == 999);
  CHECK(histogram.percentile(100) == 1000);
  CHECK(histogram.percentile(0) == 1);
  CHECK(histogram.min() == 1);
  CHECK(histogram.max() == 1000);
  CHECK(histogram.mean() == 500.5);
  CHECK(histogram.count_above(900) == 100);
}

TEST_CASE("histogram: every bucket begins where the one before it ends") {
  for (const Digits digits : {Digits::two, Digits::three}) {
    Histogram histogram(digits);
    histogram.add(Histogram::highest);
    for (std::size_t index = 1; index < histogram.bucket_count(); ++index)
      REQUIRE(histogram.lowest_of(index) == histogram.highest_of(index - 1) + 1);
  }
}

TEST_CASE("histogram: percentiles are those of the sorted values within the promised precision") {
  for (const Digits digits : {Digits::two, Digits::three}) {
    auto values = random_values(1, 20000);
    const auto histogram = histogram_of(values, digits);
    std::sort(values.begin(), values.end());
    for (const double percent : {1.0, 10.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
      const auto rank = static_cast<std::size_t>(percent * 200 + 0.5);
      const auto exact = static_cast<double>(values[rank - 1]);
      const auto seen = static_cast<double>(histogram.percentile(percent));
      CHECK(seen >= exact);
      CHECK(seen <= exact * (digits == Digits::two ? 1.01 : 1.001) + 1);
    }
  }
}

TEST_CASE("histogram: what is more than an hour counts as an hour") {
  Histogram histogram;
  histogram.add(Histogram::highest * 5);
  CHECK(histogram.count() == 1);
  CHECK(histogram.min() <= Histogram::highest);
  CHECK(histogram.max() >= Histogram::highest);
}

TEST_CASE("histogram: merging equals recording everything in one, in whatever order") {
  const auto first = random_values(2, 3000);
  const auto second = random_values(3, 500);
  auto both = first;
  both.insert(both.end(), second.begin(), second.end());

  auto left = histogram_of(first);
  left.merge(histogram_of(second));
  auto right = histogram_of(second);
  right.merge(histogram_of(first));
  CHECK(left == histogram_of(both));
  CHECK(right == left);
  CHECK_FALSE(left == histogram_of(first));
}

TEST_CASE("histogram: memory is taken only where values are") {
  Histogram histogram;
  const auto empty = histogram.bytes();
  for (int time = 0; time < 100000; ++time)
    histogram.add(1000 + static_cast<std::uint64_t>(time % 50));
  CHECK(empty <= 64);
  CHECK(histogram.bytes() < 2000);
}
