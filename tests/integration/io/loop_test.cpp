#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <string>

#include "mcp/io/descriptor.hpp"
#include "tests/integration/io/punctual.hpp"
#include "tests/integration/io/turn_until.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

struct SocketPair {
  SocketPair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    ours = Descriptor(ends[0]);
    theirs = Descriptor(ends[1]);
  }
  Descriptor ours;
  Descriptor theirs;
};

void write_byte(const Descriptor& descriptor) {
  REQUIRE(::write(descriptor.get(), "x", 1) == 1);
}

}  // namespace

TEST_CASE("loop: a turn ends at `latest` when nothing happens, and the clock has moved there") {
  const auto loop = make_tested_loop();
  CHECK(is_punctual(5ms, [&] {
    loop->turn(loop->now());
    const auto latest = loop->now() + 30ms;
    loop->turn(latest);
    CHECK(loop->now() >= latest);
    return loop->now() - latest;
  }));
}

TEST_CASE("loop: a turn whose `latest` is past looks once and does not wait") {
  const auto loop = make_tested_loop();
  CHECK(is_punctual(5ms, [&] {
    const auto start = Clock::now();
    loop->turn(start - 1h);
    return Clock::now() - start;
  }));
}

TEST_CASE("loop: timers run in the order of their moments, past ones at once") {
  const auto loop = make_tested_loop();
  const auto start = loop->now();
  std::string log;
  const auto second = loop->start_timer(start + 20ms, [&] { log += "second "; });
  const auto first = loop->start_timer(start + 10ms, [&] { log += "first "; });
  const auto past = loop->start_timer(start - 1s, [&] { log += "past "; });
  REQUIRE(turn_until(*loop, [&] { return log.ends_with("second "); }));
  CHECK(log == "past first second ");
}

TEST_CASE("loop: a timer runs at its moment: not before, hardly after") {
  const auto loop = make_tested_loop();
  CHECK(is_punctual(1ms, [&] {
    const auto moment = Clock::now() + 20ms;
    TimePoint ran_at{};
    const auto timer = loop->start_timer(moment, [&] { ran_at = loop->now(); });
    REQUIRE(turn_until(*loop, [&] { return ran_at != TimePoint{}; }));
    CHECK(ran_at >= moment);
    return ran_at - moment;
  }));
}

TEST_CASE("loop: a timer that starts an expired timer does not keep the turn from ending") {
  const auto loop = make_tested_loop();
  int runs = 0;
  std::unique_ptr<Handle> timer;
  std::move_only_function<void()> again = [&] {
    ++runs;
    timer = loop->start_timer(loop->now() - 1s, [&] { again(); });
  };
  again();
  loop->turn(loop->now() + 1s);
  CHECK(runs == 2);
  loop->turn(loop->now() + 1s);
  CHECK(runs == 3);
}

TEST_CASE("loop: destroyed timers never run, also when destroyed by their own or another's task") {
  const auto loop = make_tested_loop();
  const auto when = loop->now() + 5ms;
  int runs = 0;
  std::unique_ptr<Handle> own;
  std::unique_ptr<Handle> other;
  own = loop->start_timer(when, [&] {
    ++runs;
    own.reset();
    other.reset();
  });
  other = loop->start_timer(when, [&] { runs += 100; });
  auto early = loop->start_timer(when, [&] { runs += 100; });
  early.reset();
  bool done = false;
  const auto last = loop->start_timer(when + 5ms, [&] { done = true; });
  REQUIRE(turn_until(*loop, [&] { return done; }));
  CHECK(runs == 1);
}

TEST_CASE("loop: posted tasks run in order in the next turn, what they post in the one after") {
  const auto loop = make_tested_loop();
  std::string log;
  loop->post([&] {
    log += "1";
    loop->post([&] { log += "3"; });
  });
  loop->post([&] { log += "2"; });
  loop->turn(TimePoint::max());
  CHECK(log == "12");
  loop->turn(TimePoint::max());
  CHECK(log == "123");
}

TEST_CASE("loop: the clock stands still between the callbacks of a turn") {
  const auto loop = make_tested_loop();
  TimePoint first;
  TimePoint second;
  loop->post([&] {
    first = loop->now();
    const auto until = Clock::now() + 5ms;
    while (Clock::now() < until) {
    }
  });
  loop->post([&] { second = loop->now(); });
  loop->turn(TimePoint::max());
  CHECK(first == second);
}

TEST_CASE("loop: unread bytes call back in every turn, until they are read") {
  const auto loop = make_tested_loop();
  const SocketPair pair;
  int calls = 0;
  const auto watch = loop->watch(pair.ours.get(), Interest::read,
                                 [&](Readiness ready) { calls += ready.readable; });
  write_byte(pair.theirs);
  for (int turn = 0; turn < 3; ++turn) loop->turn(loop->now() + 1s);
  CHECK(calls == 3);
  char byte = 0;
  REQUIRE(::read(pair.ours.get(), &byte, 1) == 1);
  const auto before = calls;
  loop->turn(loop->now() + 20ms);
  loop->turn(loop->now() + 20ms);
  CHECK(calls == before);
}

TEST_CASE("loop: a watch for both directions tells each; a full pipe is not writable") {
  const auto loop = make_tested_loop();
  const SocketPair pair;
  std::array<char, 65536> block{};
  while (::write(pair.ours.get(), block.data(), block.size()) > 0) {
  }
  int reads = 0;
  int writes = 0;
  const auto watch = loop->watch(pair.ours.get(), Interest::read_write, [&](Readiness ready) {
    reads += ready.readable;
    writes += ready.writable;
  });
  write_byte(pair.theirs);
  REQUIRE(turn_until(*loop, [&] { return reads > 0; }));
  CHECK(writes == 0);
  while (::read(pair.theirs.get(), block.data(), block.size()) > 0) {
  }
  CHECK(turn_until(*loop, [&] { return writes > 0; }));
}

TEST_CASE("loop: a peer that hangs up makes the descriptor readable") {
  const auto loop = make_tested_loop();
  SocketPair pair;
  bool told = false;
  const auto watch = loop->watch(pair.ours.get(), Interest::read,
                                 [&](Readiness ready) { told |= ready.readable; });
  pair.theirs.reset();
  CHECK(turn_until(*loop, [&] { return told; }));
}

TEST_CASE("loop: ending a watch, also from inside its callback, leaves the descriptor open") {
  const auto loop = make_tested_loop();
  const SocketPair pair;
  int calls = 0;
  std::unique_ptr<Handle> watch;
  watch = loop->watch(pair.ours.get(), Interest::read, [&](Readiness) {
    ++calls;
    watch.reset();
  });
  write_byte(pair.theirs);
  REQUIRE(turn_until(*loop, [&] { return calls > 0; }));
  loop->turn(loop->now() + 20ms);
  CHECK(calls == 1);
  CHECK(::fcntl(pair.ours.get(), F_GETFD) >= 0);
  SUBCASE("and it can be watched anew") {
    watch = loop->watch(pair.ours.get(), Interest::read, [&](Readiness) { ++calls; });
    loop->turn(loop->now() + 1s);
    CHECK(calls == 2);
  }
}

TEST_CASE("loop: a watch that another callback of the same turn ended is not called") {
  const auto loop = make_tested_loop();
  const SocketPair left;
  const SocketPair right;
  int calls = 0;
  std::array<std::unique_ptr<Handle>, 2> watches;
  watches[0] = loop->watch(left.ours.get(), Interest::read, [&](Readiness) {
    ++calls;
    watches[1].reset();
  });
  watches[1] = loop->watch(right.ours.get(), Interest::read, [&](Readiness) {
    ++calls;
    watches[0].reset();
  });
  write_byte(left.theirs);
  write_byte(right.theirs);
  for (int turn = 0; turn < 3; ++turn) loop->turn(loop->now() + 20ms);
  // One ended the other, then was called in each of the turns.
  CHECK((watches[0] == nullptr) != (watches[1] == nullptr));
  CHECK(calls == 3);
}

TEST_CASE("loop: a descriptor that cannot be watched is told as an error") {
  const auto loop = make_tested_loop();
  bool error = false;
  const auto watch =
      loop->watch(1'000'000, Interest::read, [&](Readiness ready) { error = ready.error; });
  CHECK(turn_until(*loop, [&] { return error; }));
}

TEST_CASE("loop: a regular file is always ready") {
  const auto loop = make_tested_loop();
  const Descriptor file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  REQUIRE(file);
  int calls = 0;
  const auto watch = loop->watch(file.get(), Interest::read,
                                 [&](Readiness ready) { calls += ready.readable && !ready.error; });
  CHECK(turn_until(*loop, [&] { return calls == 2; }));
}

TEST_CASE("loop: waiting for ever for nothing is a bug, and throws") {
  const auto loop = make_tested_loop();
  CHECK_THROWS_AS(loop->turn(TimePoint::max()), std::logic_error);
}

TEST_CASE("loop: it can be destroyed with tasks that own its handles") {
  auto loop = make_tested_loop();
  auto timer = loop->start_timer(loop->now() + 1h, [] {});
  loop->post([timer = std::move(timer)] { (void)timer; });
  auto inner = loop->start_timer(loop->now() + 1h, [] {});
  const auto outer =
      loop->start_timer(loop->now() + 1h, [inner = std::move(inner)] { (void)inner; });
  loop.reset();
}
