#include <doctest/doctest.h>

#include <string>

#include "probes/sidecar/session_table.hpp"

using namespace probes::sidecar;
using namespace std::chrono_literals;

namespace {

constexpr mcp::TimePoint start{};

void use(SessionTable& table, const std::string& id, mcp::TimePoint now) {
  table.open(id, now);
  table.confirm(id, true);
  table.close(id, now);
}

}  // namespace

TEST_CASE("session table: of too many sessions the longest idle goes, never an open one") {
  SessionTable table(1min, 3);
  table.open("open", start);
  table.confirm("open", true);
  use(table, "old", start + 1s);
  use(table, "young", start + 2s);
  use(table, "old", start + 3s);
  use(table, "new", start + 4s);
  CHECK(table.size() == 3);
  CHECK(table.active(start + 4s) == 3);
  table.remove("young");  // the one that went
  CHECK(table.size() == 3);
  table.remove("old");
  table.remove("open");
  CHECK(table.size() == 1);
}

TEST_CASE("session table: what is idle for too long is forgotten") {
  SessionTable table(1min, 1000);
  for (int each = 0; each < 500; ++each) use(table, "s" + std::to_string(each), start);
  table.add("handshake only", start);
  CHECK(table.size() == 501);
  CHECK(table.active(start) == 500);
  use(table, "next", start + 61s);
  CHECK(table.size() == 1);
}

TEST_CASE("session table: a long id is one session, and another one is another") {
  SessionTable table(1min, 10);
  const std::string id(5000, 'x');
  use(table, id, start);
  use(table, id, start);
  use(table, id + "y", start);
  CHECK(table.active(start) == 2);
}

TEST_CASE("session table: two open requests are one session until both have ended") {
  SessionTable table(1min, 10);
  table.open("a", start);
  table.open("a", start);
  CHECK(table.active(start) == 1);
  table.close("a", start);
  CHECK(table.active(start + 1h) == 1);
  table.close("a", start);
  CHECK(table.active(start) == 0);
  table.close("a", start);
  table.remove("a");
  CHECK(table.size() == 0);
}
