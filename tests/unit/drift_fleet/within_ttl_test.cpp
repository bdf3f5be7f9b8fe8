#include "probes/drift/within_ttl.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using namespace probes::drift;
using namespace std::chrono_literals;

Snapshot reading(const std::string& tool, const std::string& instructions = "") {
  const auto document = mcp::schema::parse_value(R"({"era":"modern","instructions":")" +
                                                 instructions + R"(","discover":{"ttlMs":2000},
          "tools":{")" + tool + R"(":{"name":")" +
                                                 tool + R"("}},
          "lists":{"tools":{"order":[")" + tool + R"("],"ttlMs":5000}}})");
  REQUIRE(document);
  return Snapshot(*document);
}

std::vector<std::string> pointers(const std::vector<Change>& changes) {
  std::vector<std::string> found;
  for (const Change& change : changes) {
    CHECK(change.rule == "drift-within-ttl");
    found.push_back(change.pointer);
  }
  return found;
}

using Pointers = std::vector<std::string>;

}  // namespace

TEST_CASE("within ttl: a list that changes while it may be kept is told") {
  const auto changes = drift_within_ttl(reading("a"), reading("b"), 4999ms);
  CHECK(pointers(changes) == Pointers{"/lists/tools"});
  CHECK(changes[0].why ==
        "The list of tools changed although the answer before may be kept for 5000 ms, so clients "
        "go on with the old one.");
}

TEST_CASE("within ttl: what changes when the time is over is no such drift") {
  CHECK(drift_within_ttl(reading("a"), reading("b"), 5000ms).empty());
}

TEST_CASE("within ttl: nothing is told of what did not change") {
  CHECK(drift_within_ttl(reading("a"), reading("a"), 1ms).empty());
}

TEST_CASE("within ttl: the answer to server/discover has its own time") {
  CHECK(pointers(drift_within_ttl(reading("a"), reading("a", "new"), 1999ms)) ==
        Pointers{"/discover"});
  CHECK(drift_within_ttl(reading("a"), reading("a", "new"), 2000ms).empty());
}

TEST_CASE("within ttl: a server that announces no time breaks no promise") {
  std::vector<std::string> warnings;
  const auto before = read_snapshot(R"({"tools":[{"name":"a"}]})", warnings);
  const auto after = read_snapshot(R"({"tools":[]})", warnings);
  CHECK(drift_within_ttl(*before, *after, 0ms).empty());
}
