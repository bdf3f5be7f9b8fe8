#include "scenarios/pacing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace scenarios {
namespace {

using namespace std::chrono_literals;

Phase level(const char* rate, mcp::Duration length) {
  return {.kind = PhaseKind::steady,
          .length = length,
          .from = *read_rate(rate),
          .to = *read_rate(rate)};
}
Phase ramp(const char* from, const char* to, mcp::Duration length) {
  return {
      .kind = PhaseKind::ramp, .length = length, .from = *read_rate(from), .to = *read_rate(to)};
}

std::vector<mcp::Duration> all(const Timetable& timetable) {
  std::vector<mcp::Duration> result;
  for (std::uint64_t i = 0; i < timetable.ticks(); ++i) result.push_back(timetable.at(i));
  return result;
}

TEST_CASE("pacing: a constant rate is exact after ten million requests") {
  const Timetable timetable({level("30/7s", 2'400'000s)});
  CHECK(timetable.ticks() == 10'285'715);
  CHECK(timetable.at(0) == 0s);
  CHECK(timetable.at(30) == 7s);
  CHECK(timetable.at(30 * 340'000) == 7s * 340'000);
  CHECK(timetable.at(10'285'714) == 2'399'999'933'333'333ns);
  CHECK(timetable.at(10'285'714) < timetable.length());
}

TEST_CASE("pacing: a rate at the upper end of a day keeps its last tick exact") {
  const Timetable timetable({level("10000000/s", 24h)});
  CHECK(timetable.ticks() == 864'000'000'000);
  CHECK(timetable.at(863'999'999'999) == 24h - 100ns);
}

TEST_CASE("pacing: every phase begins with a tick, also with less than one a second") {
  using Times = std::vector<mcp::Duration>;
  CHECK(all(Timetable({level("0.5/s", 3s), level("2/s", 1s)})) == Times{0s, 2s, 3s, 3500ms});
  CHECK(all(Timetable({level("0/s", 3s), level("1/s", 2s), level("0/s", 5s)})) == Times{3s, 4s});
  CHECK(Timetable({level("0/s", 3s)}).ticks() == 0);
  CHECK(Timetable(std::vector<Phase>{}).ticks() == 0);
}

TEST_CASE("pacing: a ramp has the mean of its rates, and gets denser evenly") {
  const Timetable timetable({ramp("0/s", "100/s", 10s), ramp("100/s", "50/s", 10s)});
  CHECK(timetable.ticks() == 500 + 750);
  // After t seconds of the first ramp 5·t² requests were due.
  CHECK(timetable.at(125) == 5s);
  CHECK(std::abs((timetable.at(320) - 8s).count()) <= 2);
  CHECK(timetable.at(500) == 10s);
  int first_half = 0;
  for (std::uint64_t i = 500; i < timetable.ticks(); ++i) {
    CHECK(timetable.at(i) >= timetable.at(i - 1));
    first_half += timetable.at(i) < 15s ? 1 : 0;
  }
  CHECK(std::abs(first_half - 438) <= 1);
  CHECK(timetable.at(timetable.ticks() - 1) < 20s);
}

TEST_CASE("pacing: a long ramp stays within a nanosecond or two of its formula") {
  const Timetable timetable({ramp("1/s", "2000/s", 10'000s)});
  const std::uint64_t last = timetable.ticks() - 1;
  CHECK(last == 10'004'999);
  for (const std::uint64_t tick : {last / 3, last / 2, last}) {
    const long double t = std::chrono::duration<long double>(timetable.at(tick)).count();
    const long double requests = t + (1999.0L * t * t) / 20'000.0L;
    const long double rate = 1 + 1999.0L * t / 10'000.0L;
    CHECK(std::abs(static_cast<double>((requests - static_cast<long double>(tick)) / rate)) < 4e-9);
  }
}

TEST_CASE("pacing: agents take the ticks in turn, none twice and none left out") {
  const Timetable timetable({ramp("5/s", "50/s", 4s), level("33/s", 3s)});
  for (const std::uint64_t agents : {1, 2, 7, 500}) {
    std::vector<mcp::Duration> merged;
    for (std::uint64_t index = 0; index < agents; ++index) {
      auto pacer = Pacer::even(timetable, index, agents);
      while (const auto at = pacer.next()) merged.push_back(*at);
    }
    std::ranges::sort(merged);
    CHECK(merged == all(timetable));
  }
}

TEST_CASE("pacing: random starts have the rate, and the variance of independent users") {
  const Timetable timetable({level("1000/s", 100s)});
  std::vector<int> by_second(100);
  double gaps_beyond_mean = 0;
  double total = 0;
  for (std::uint64_t agent = 1; agent <= 10; ++agent) {
    auto pacer = Pacer::poisson(timetable, 10, Random(3, agent, 0));
    mcp::Duration last{};
    while (const auto at = pacer.next()) {
      REQUIRE(*at >= last);
      gaps_beyond_mean += *at - last > 10ms ? 1 : 0;
      ++by_second.at(static_cast<std::size_t>(*at / 1s));
      last = *at;
      ++total;
    }
  }
  double variance = 0;
  for (const int count : by_second) variance += (count - 1000.0) * (count - 1000.0) / 100;
  CHECK(total == doctest::Approx(100'000).epsilon(0.01));
  CHECK(gaps_beyond_mean / total == doctest::Approx(0.3679).epsilon(0.01));
  CHECK(variance > 700);
  CHECK(variance < 1400);
}

TEST_CASE("pacing: random starts follow a ramp") {
  const Timetable timetable({ramp("0/s", "1000/s", 20s)});
  auto pacer = Pacer::poisson(timetable, 1, Random(9));
  int first_half = 0;
  int total = 0;
  while (const auto at = pacer.next()) {
    ++total;
    first_half += *at < 10s ? 1 : 0;
  }
  CHECK(total == doctest::Approx(10'000).epsilon(0.03));
  CHECK(first_half == doctest::Approx(2'500).epsilon(0.06));
}

TEST_CASE("pacing: a burst is spread evenly, or each call jittered within its share") {
  Random random(4);
  BurstPacer equal({.calls = 3, .over = 10s});
  CHECK(equal.next(random) == 0s);
  CHECK(equal.next(random) == 3'333'333'333ns);
  CHECK(equal.next(random) == 6'666'666'666ns);
  CHECK_FALSE(equal.next(random).has_value());
  BurstPacer jittered({.calls = 1000, .over = 10s, .spacing = Spacing::jittered});
  double shift = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto at = jittered.next(random);
    REQUIRE(at.has_value());
    CHECK(*at >= i * 10ms);
    CHECK(*at < (i + 1) * 10ms);
    shift += std::chrono::duration<double, std::milli>(*at - i * 10ms).count() / 1000;
  }
  CHECK(shift == doctest::Approx(5).epsilon(0.05));
  BurstPacer at_once({.calls = 2, .over = 0s, .spacing = Spacing::jittered});
  CHECK(at_once.next(random) == 0s);
  CHECK(at_once.next(random) == 0s);
}

}  // namespace
}  // namespace scenarios
