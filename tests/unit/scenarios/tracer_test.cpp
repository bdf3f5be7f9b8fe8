#include "scenarios/tracer.hpp"

#include <doctest/doctest.h>

#include <set>

namespace scenarios {
namespace {

using namespace std::chrono_literals;

constexpr mcp::TimePoint start{std::chrono::hours{1}};

TEST_CASE("tracer: a share is written as a number, a percentage or a rate") {
  CHECK(read_trace_sampling("0.25")->share == 0.25);
  CHECK(read_trace_sampling("1%")->share == doctest::Approx(0.01));
  CHECK(read_trace_sampling("10/s")->per_second == 10);
  CHECK_FALSE(read_trace_sampling("0")->is_on());
  for (const auto* wrong :
       {"", "%", "/s", "2", "101%", "-1", "nan", "10/m", "0.1x", "1e9/s", "inf"})
    CHECK_MESSAGE(!read_trace_sampling(wrong).has_value(), wrong);
}

TEST_CASE("tracer: ids are as Trace Context writes them, and no two are the same") {
  const TraceIds ids{.trace_high = 0x4bf92f3577b34da6,
                     .trace_low = 0xa3ce929d0e0e4736,
                     .span = 0x00f067aa0ba902b7};
  CHECK(traceparent(ids) == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  Tracer one({.share = 1}, 7);
  Tracer other({.share = 1}, 8);
  std::set<std::string> seen;
  for (int count = 0; count < 1000; ++count) {
    seen.insert(trace_id(one.choose(start)));
    seen.insert(trace_id(other.choose(start)));
  }
  CHECK(seen.size() == 2000);
}

TEST_CASE("tracer: a share is met on the whole, and a rate is never passed") {
  Tracer share({.share = 0.1}, 1);
  int chosen = 0;
  for (int count = 0; count < 10'000; ++count) chosen += share.choose(start) ? 1 : 0;
  CHECK(chosen > 900);
  CHECK(chosen < 1100);

  Tracer rate({.per_second = 10}, 1);
  chosen = 0;
  for (int micro = 0; micro < 3000; ++micro) {
    chosen += rate.choose(start + micro * 1ms) ? 1 : 0;
  }
  CHECK(chosen == 30);
  // After a pause there is no burst to catch up with.
  chosen = 0;
  for (int count = 0; count < 100; ++count) chosen += rate.choose(start + 1h) ? 1 : 0;
  CHECK(chosen <= 2);
  CHECK_FALSE(Tracer({}, 1).choose(start));
}

TEST_CASE("tracer: what is not taken in time is dropped and counted") {
  Tracer tracer({.share = 1}, 1);
  for (std::size_t count = 0; count < Tracer::most + 5; ++count) tracer.ended({});
  CHECK(tracer.dropped() == 5);
  CHECK(tracer.take().size() == Tracer::most);
  CHECK(tracer.take().empty());
}

}  // namespace
}  // namespace scenarios
