#include <doctest/doctest.h>

#include <set>
#include <string>

#include "probes/drift/rule.hpp"

using namespace probes::drift;

TEST_CASE("drift catalogue: no id stands for two rules") {
  std::set<std::string> ids;
  for (const Rule& rule : rules()) {
    CAPTURE(rule.id);
    CHECK(ids.insert(rule.id).second);
  }
}
