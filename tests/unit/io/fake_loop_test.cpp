#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "tests/fakes/fake_loop.hpp"

using namespace mcp;
using namespace std::chrono_literals;

TEST_CASE("fake loop: time jumps to each timer in order, and no further than asked") {
  FakeLoop loop;
  const auto start = loop.now();
  std::string log;
  const auto late = loop.start_timer(start + 2s, [&] { log += "late "; });
  const auto early = loop.start_timer(start + 1s, [&] { log += "early "; });
  loop.turn(start + 10s);
  CHECK(log == "early ");
  CHECK(loop.now() == start + 1s);
  loop.turn(start + 1500ms);
  CHECK(log == "early ");
  CHECK(loop.now() == start + 1500ms);
  loop.advance(1s);
  CHECK(log == "early late ");
  CHECK(loop.now() == start + 2500ms);
}

TEST_CASE("fake loop: a task posted by a task runs in the next turn") {
  FakeLoop loop;
  std::string log;
  loop.post([&] {
    log += "1";
    loop.post([&] { log += "3"; });
  });
  loop.post([&] { log += "2"; });
  loop.turn(loop.now());
  CHECK(log == "12");
  loop.turn(loop.now());
  CHECK(log == "123");
}

TEST_CASE("fake loop: a destroyed timer never runs, not even when destroyed by another one") {
  FakeLoop loop;
  bool ran = false;
  auto second = loop.start_timer(loop.now() + 1s, [&] { ran = true; });
  const auto first = loop.start_timer(loop.now() + 500ms, [&] { second.reset(); });
  loop.advance(5s);
  CHECK_FALSE(ran);
  CHECK(loop.timers() == 0);
}

TEST_CASE("fake loop: waiting for what can never come is a bug of the test") {
  FakeLoop loop;
  CHECK_THROWS_AS(loop.turn(TimePoint::max()), std::logic_error);
}

TEST_CASE("fake loop: readiness reaches the watches of that descriptor only") {
  FakeLoop loop;
  std::string log;
  const auto three = loop.watch(3, Interest::read, [&](Readiness) { log += "three"; });
  const auto four = loop.watch(4, Interest::read, [&](Readiness) { log += "four"; });
  loop.make_ready(4, {.readable = true});
  loop.settle();
  CHECK(log == "four");
  CHECK(loop.watches() == 2);
}
