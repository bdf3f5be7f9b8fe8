#include "tests/server/request_state.hpp"

#include <doctest/doctest.h>

using mcp::testserver::random_hex;
using mcp::testserver::RequestState;

TEST_CASE("request state: it opens for the same request and key, until it expires") {
  const RequestState state("key");
  const auto sealed = state.seal(3, "call", 100);
  CHECK(state.open(sealed, "call", 100) == 3);
  CHECK(RequestState("key").open(sealed, "call", 0) == 3);
  CHECK_FALSE(state.open(sealed, "call", 101).has_value());
  CHECK_FALSE(state.open(sealed, "other", 0).has_value());
  CHECK_FALSE(RequestState("other").open(sealed, "call", 0).has_value());
}

TEST_CASE("request state: every change of its text closes it") {
  const RequestState state("key");
  const auto sealed = state.seal(3, "call", 100);
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    auto changed = sealed;
    changed[at] = changed[at] == '1' ? '2' : '1';
    CHECK_FALSE(state.open(changed, "call", 0).has_value());
  }
  for (const auto* text : {"", ".", "3.100.", "x"}) {
    CHECK_FALSE(state.open(text, "call", 0).has_value());
  }
}

TEST_CASE("random hex: as long as asked, and never twice the same") {
  CHECK(random_hex(16).size() == 32);
  CHECK(random_hex(16) != random_hex(16));
}
