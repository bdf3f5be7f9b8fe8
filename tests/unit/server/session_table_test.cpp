#include "tests/server/session_table.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using mcp::TimePoint;
using mcp::testserver::SessionPeer;
using mcp::testserver::SessionTable;

namespace {

struct BusyPeer : SessionPeer {
  bool busy() const override { return true; }
};

}  // namespace

TEST_CASE("session table: a session is found until it was not used for the TTL") {
  SessionTable table(10s, 100);
  const TimePoint start{};
  table.create("a", start);
  table.create("b", start);
  CHECK(table.find("a", start + 9s) != nullptr);
  CHECK(table.expire(start + 10s) == 1);
  CHECK(table.find("b", start + 10s) == nullptr);
  CHECK(table.expire(start + 18s) == 0);
  CHECK(table.expire(start + 19s) == 1);  // a was used at 9 s
  CHECK(table.size() == 0);
}

TEST_CASE("session table: a session whose client is there does not expire") {
  SessionTable table(10s, 100);
  const TimePoint start{};
  table.create("a", start)->peer = std::make_unique<BusyPeer>();
  CHECK(table.expire(start + 60s) == 0);
  CHECK(table.size() == 1);
}

TEST_CASE("session table: without a TTL nothing expires") {
  SessionTable table(0s, 100);
  table.create("a", TimePoint{});
  CHECK(table.expire(TimePoint{} + 1000h) == 0);
}

TEST_CASE("session table: the limit refuses, and removing makes room") {
  SessionTable table(10s, 2);
  CHECK(table.create("a", TimePoint{}) != nullptr);
  CHECK(table.create("b", TimePoint{}) != nullptr);
  CHECK(table.create("c", TimePoint{}) == nullptr);
  CHECK(table.remove("a"));
  CHECK_FALSE(table.remove("a"));
  CHECK(table.create("c", TimePoint{}) != nullptr);
}
