#include "tests/server/fault_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace std::chrono_literals;
using mcp::TimePoint;
using mcp::testserver::Fault;
using mcp::testserver::FaultPlan;
using mcp::testserver::parse_fault;

namespace {

/// One character a request: x where the fault struck.
std::string strikes(std::string_view spec, int requests, std::uint64_t seed = 1,
                    std::string_view method = "ping") {
  FaultPlan plan({parse_fault(spec).value()}, seed, TimePoint{});
  std::string out;
  for (int count = 0; count < requests; ++count) {
    out += plan.strike(method, TimePoint{}).none() ? '.' : 'x';
  }
  return out;
}

}  // namespace

TEST_CASE("fault plan: schedules count the requests") {
  CHECK(strikes("reset@every=3", 7) == "..x..x.");
  CHECK(strikes("reset@nth=2", 4) == ".x..");
  CHECK(strikes("reset@from=3", 5) == "..xxx");
  CHECK(strikes("reset@until=2", 4) == "xx..");
  CHECK(strikes("reset@from=2,until=3", 5) == ".xx..");
}

TEST_CASE("fault plan: only requests with the method are counted") {
  FaultPlan plan({parse_fault("reset@nth=2,method=tools/call").value()}, 1, TimePoint{});
  CHECK(plan.strike("tools/call", TimePoint{}).none());
  CHECK(plan.strike("ping", TimePoint{}).none());
  CHECK_FALSE(plan.strike("tools/call", TimePoint{}).none());
}

TEST_CASE("fault plan: the same seed strikes the same requests, another one others") {
  const auto first = strikes("reset@p=0.5", 64, 1);
  CHECK(first == strikes("reset@p=0.5", 64, 1));
  CHECK(first != strikes("reset@p=0.5", 64, 2));
  const auto count = std::ranges::count(strikes("reset@p=0.25", 4000, 3), 'x');
  CHECK(count > 900);
  CHECK(count < 1100);
}

TEST_CASE("fault plan: one more fault leaves the strikes of the others as they were") {
  FaultPlan alone({parse_fault("reset@p=0.5").value()}, 1, TimePoint{});
  FaultPlan both({parse_fault("reset@p=0.5").value(), parse_fault("html@p=0.5").value()}, 1,
                 TimePoint{});
  for (int count = 0; count < 50; ++count) {
    const bool struck = !alone.strike("ping", TimePoint{}).none();
    CHECK((both.strike("ping", TimePoint{}).find(Fault::Kind::reset) != nullptr) == struck);
  }
}

TEST_CASE("fault plan: nothing strikes before its time") {
  FaultPlan plan({parse_fault("reset@after=10s").value()}, 1, TimePoint{});
  CHECK(plan.strike("ping", TimePoint{} + 9s).none());
  CHECK_FALSE(plan.strike("ping", TimePoint{} + 10s).none());
}
