#include "probes/sidecar/readiness.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace probes::sidecar {
namespace {

using namespace std::chrono_literals;

/// A state machine that is told a sign each ten seconds.
struct Machine {
  explicit Machine(Thresholds thresholds = {}, DrainReadiness draining = DrainReadiness::ok)
      : readiness(thresholds, draining, now) {}

  Machine& see(Sign sign, const std::string& reason = "seen") {
    now += 10s;
    readiness.observe(sign, reason, now);
    return *this;
  }
  Machine& see(Sign sign, int times) {
    for (int i = 0; i < times; ++i) see(sign);
    return *this;
  }
  State state() const { return readiness.state(); }
  bool ready() const { return readiness.ready(now).ok; }
  bool live() const { return readiness.live(now).ok; }
  bool started() const { return readiness.started(now).ok; }

  mcp::TimePoint now{1h};
  Readiness readiness;
};

TEST_CASE("readiness: a server is starting until it was good") {
  Machine machine;
  CHECK(machine.state() == State::starting);
  CHECK_FALSE(machine.ready());
  CHECK_FALSE(machine.started());
  CHECK(machine.live());
  CHECK(machine.readiness.ready(machine.now).reason == "starting: no probe has ended yet");
  for (const auto sign : {Sign::bad, Sign::down, Sign::neutral}) {
    CHECK(machine.see(sign).state() == State::starting);
    CHECK_FALSE(machine.ready());
  }
  machine.see(Sign::good);
  CHECK(machine.state() == State::ready);
  CHECK(machine.ready());
  CHECK(machine.started());
  CHECK(machine.readiness.since() == machine.now);
}

TEST_CASE("readiness: it takes as many good signs in a row as the success threshold says") {
  Machine machine({.success = 3});
  machine.see(Sign::good, 2).see(Sign::bad).see(Sign::good, 2);
  CHECK(machine.state() == State::starting);
  CHECK(machine.see(Sign::good).state() == State::ready);
}

TEST_CASE("readiness: it takes as many failures in a row as the failure threshold says") {
  for (const auto failure : {Sign::bad, Sign::down}) {
    Machine machine;
    machine.see(Sign::good).see(failure, 2).see(Sign::good).see(failure, 2);
    CHECK(machine.state() == State::ready);
    CHECK(machine.ready());
    CHECK(machine.readiness.failures_in_row() == 2);
    machine.see(failure);
    CHECK(machine.state() == State::degraded);
    CHECK_FALSE(machine.ready());
  }
}

TEST_CASE("readiness: bad and down signs are failures of one row") {
  Machine machine;
  machine.see(Sign::good).see(Sign::bad).see(Sign::down).see(Sign::bad);
  CHECK(machine.state() == State::degraded);
}

TEST_CASE("readiness: with a threshold of one a single failure is enough, and a single success") {
  Machine machine({.failure = 1});
  machine.see(Sign::good).see(Sign::bad);
  CHECK_FALSE(machine.ready());
  machine.see(Sign::good);
  CHECK(machine.ready());
}

TEST_CASE("readiness: a degraded server says what made it so, and what failed last") {
  Machine machine({.failure = 2, .success = 2});
  machine.see(Sign::good, 2).see(Sign::bad, "first").see(Sign::bad, "second");
  machine.see(Sign::good, "better").see(Sign::neutral, "busy");
  CHECK(machine.readiness.reason() == "second");
  CHECK(machine.readiness.ready(machine.now).reason == "degraded for 20 s: second");
  machine.see(Sign::down, "third");
  CHECK(machine.readiness.reason() == "third");
}

TEST_CASE("readiness: once started, a server stays started") {
  Machine machine;
  machine.see(Sign::good).see(Sign::down, 9);
  CHECK(machine.state() == State::degraded);
  CHECK(machine.started());
}

TEST_CASE("readiness: a verdict that is too old is none, until the next sign") {
  Machine machine({.stale_after = 30s});
  machine.see(Sign::good);
  machine.now += 30s;
  CHECK(machine.ready());
  machine.now += 1ms;
  CHECK_FALSE(machine.ready());
  CHECK(machine.readiness.ready(machine.now).reason ==
        "no probe has ended for 30 s: the last verdict is too old");
  CHECK(machine.state() == State::ready);
  CHECK(machine.live());
  CHECK(machine.see(Sign::good).ready());
}

TEST_CASE("readiness: 429 keeps the state, in both directions, and keeps the verdict fresh") {
  Machine machine({.stale_after = 15s});
  machine.see(Sign::good).see(Sign::neutral, 9);
  CHECK(machine.ready());
  machine.see(Sign::bad, 3).see(Sign::neutral, 9);
  CHECK(machine.state() == State::degraded);
}

TEST_CASE("readiness: 429 neither counts as a failure nor ends a row of them") {
  Machine machine;
  machine.see(Sign::good).see(Sign::bad, 2).see(Sign::neutral);
  CHECK(machine.ready());
  CHECK(machine.see(Sign::bad).state() == State::degraded);
}

TEST_CASE("readiness: livez fails after as many down signs in a row as its threshold says") {
  Machine machine;
  machine.see(Sign::good).see(Sign::down, 5);
  CHECK(machine.live());
  machine.see(Sign::down, "connection refused");
  CHECK_FALSE(machine.live());
  CHECK(machine.readiness.live(machine.now).reason ==
        "6 probes in a row got no answer: connection refused");
  CHECK(machine.see(Sign::bad).live());
}

TEST_CASE("readiness: livez never fails on a server that answers, however badly") {
  for (const auto sign : {Sign::bad, Sign::neutral}) {
    Machine machine({.liveness = 1});
    CHECK(machine.see(Sign::good).see(sign, 50).live());
  }
}

TEST_CASE("readiness: an answer between two hangs begins the row anew for livez") {
  for (const auto answer : {Sign::good, Sign::bad, Sign::neutral}) {
    Machine machine;
    machine.see(Sign::good).see(Sign::down, 5).see(answer).see(Sign::down, 5);
    CHECK(machine.live());
    CHECK_FALSE(machine.see(Sign::down).live());
  }
}

TEST_CASE("readiness: a hang in start-up does not fail livez before the grace is over") {
  Machine machine({.liveness = 2, .startup_grace = 60s});
  machine.see(Sign::down, 5);
  CHECK(machine.live());
  machine.see(Sign::down);  // at 60 s: the first that counts
  CHECK(machine.live());
  CHECK_FALSE(machine.see(Sign::down).live());
}

TEST_CASE("readiness: the grace ends when the server was ready") {
  Machine machine({.liveness = 2, .startup_grace = 1h});
  machine.see(Sign::good).see(Sign::down, 2);
  CHECK_FALSE(machine.live());
}

TEST_CASE("readiness: a draining server answers as it was told to") {
  Machine fine({}, DrainReadiness::ok);
  fine.see(Sign::good).readiness.drain(fine.now);
  CHECK(fine.readiness.ready(fine.now).ok);
  Machine failing({}, DrainReadiness::fail);
  failing.see(Sign::good).readiness.drain(failing.now);
  CHECK_FALSE(failing.ready());
  CHECK(failing.readiness.ready(failing.now).reason == "draining");
}

TEST_CASE("readiness: a draining server's verdict does not grow stale") {
  Machine machine;
  machine.see(Sign::good).readiness.drain(machine.now);
  machine.now += 1h;
  CHECK(machine.ready());
}

TEST_CASE("readiness: nothing leads back from draining, but it is still watched") {
  Machine machine;
  machine.see(Sign::good).readiness.drain(machine.now);
  const auto since = machine.readiness.since();
  for (const auto sign : {Sign::good, Sign::bad, Sign::down, Sign::neutral}) {
    machine.see(sign, 10);
    CHECK(machine.state() == State::draining);
  }
  machine.readiness.drain(machine.now);
  CHECK(machine.readiness.since() == since);
  machine.see(Sign::down, 6);
  CHECK_FALSE(machine.live());
  CHECK(machine.started());
}

TEST_CASE("readiness: a server can be drained before it was ever ready") {
  Machine machine;
  machine.readiness.drain(machine.now);
  CHECK(machine.state() == State::draining);
  CHECK_FALSE(machine.see(Sign::good).started());
}

TEST_CASE("readiness: stopped is the end") {
  Machine machine;
  machine.see(Sign::good).readiness.stop(machine.now);
  machine.readiness.drain(machine.now);
  CHECK(machine.see(Sign::good, 3).state() == State::stopped);
  CHECK_FALSE(machine.ready());
  CHECK(machine.see(Sign::down, 20).live());
}

/// Every sequence of six signs, judged by rules that are counted from its end.
TEST_CASE("readiness: whatever the order of signs, the rows at its end decide") {
  constexpr std::array signs = {Sign::good, Sign::bad, Sign::down, Sign::neutral};
  constexpr int length = 6;
  constexpr int sequences = 4 * 4 * 4 * 4 * 4 * 4;
  for (int number = 0; number < sequences; ++number) {
    Machine machine({.failure = 2, .success = 2, .liveness = 2, .startup_grace = 0s});
    State expected = State::starting;
    std::vector<Sign> seen;
    for (int i = 0, rest = number; i < length; ++i, rest /= 4) {
      const auto sign = signs.at(static_cast<std::size_t>(rest % 4));
      machine.see(sign);
      seen.push_back(sign);
      int good = 0;
      int failed = 0;
      int down = 0;
      bool row_of_downs = true;
      for (auto at = seen.rbegin(); at != seen.rend(); ++at) {
        row_of_downs = row_of_downs && *at == Sign::down;
        if (row_of_downs) ++down;
        if (*at == Sign::neutral) continue;
        if (*at == Sign::good && failed == 0) {
          ++good;
        } else if (*at != Sign::good && good == 0) {
          ++failed;
        } else {
          break;
        }
      }
      if (good >= 2 && sign == Sign::good) expected = State::ready;
      if (failed >= 2 && sign != Sign::neutral && expected == State::ready)
        expected = State::degraded;
      CAPTURE(number);
      REQUIRE(machine.state() == expected);
      REQUIRE(machine.ready() == (expected == State::ready));
      REQUIRE(machine.live() == (down < 2));
    }
  }
}

}  // namespace
}  // namespace probes::sidecar
