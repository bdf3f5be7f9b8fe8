#include "mcp/io/signals.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <vector>

#include "tests/integration/io/turn_until.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

bool is_blocked(int signal) {
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  return sigismember(&mask, signal) == 1;
}

}  // namespace

TEST_CASE("signals: each one that is watched calls back in the loop, with its number") {
  const auto loop = make_loop();
  std::vector<int> seen;
  const auto watch = watch_signals(*loop, {SIGUSR1, SIGTERM}, [&](int s) { seen.push_back(s); });
  raise(SIGTERM);
  CHECK(seen.empty());
  REQUIRE(turn_until(*loop, [&] { return seen.size() == 1; }));
  raise(SIGUSR1);
  REQUIRE(turn_until(*loop, [&] { return seen.size() == 2; }));
  CHECK(seen == std::vector{SIGTERM, SIGUSR1});
}

TEST_CASE("signals: ending the watch, also from its callback, restores what was before") {
  const auto loop = make_loop();
  std::unique_ptr<Handle> watch;
  std::vector<int> seen;
  watch = watch_signals(*loop, {SIGUSR1}, [&seen, &watch](int signal) {
    watch.reset();
    seen.push_back(signal);
  });
  CHECK(is_blocked(SIGUSR1));
  raise(SIGUSR1);
  REQUIRE(turn_until(*loop, [&] { return !seen.empty(); }));
  CHECK_FALSE(is_blocked(SIGUSR1));
}
