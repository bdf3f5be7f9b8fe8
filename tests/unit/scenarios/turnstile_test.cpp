#include "scenarios/turnstile.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace scenarios {
namespace {

TEST_CASE("turnstile: no more are inside than it has room for, and the others follow in order") {
  Turnstile turnstile(2);
  std::vector<int> let_in;
  for (int number = 1; number <= 5; ++number) {
    turnstile.enter([&let_in, number] { let_in.push_back(number); });
  }
  CHECK(let_in == std::vector{1, 2});
  turnstile.leave();
  CHECK(let_in == std::vector{1, 2, 3});
  turnstile.leave();
  turnstile.leave();
  CHECK(let_in == std::vector{1, 2, 3, 4, 5});
  turnstile.leave();
  turnstile.enter([&let_in] { let_in.push_back(6); });
  CHECK(let_in == std::vector{1, 2, 3, 4, 5, 6});
}

TEST_CASE("turnstile: who leaves as soon as it is let in makes room for the next") {
  Turnstile turnstile(1);
  int let_in = 0;
  for (int number = 0; number < 3; ++number) {
    turnstile.enter([&] {
      ++let_in;
      turnstile.leave();
    });
  }
  CHECK(let_in == 3);
}

}  // namespace
}  // namespace scenarios
