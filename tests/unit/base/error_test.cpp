#include "mcp/base/error.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace mcp;

TEST_CASE("error: every kind has a name of its own") {
  std::set<std::string> names;
  int kinds = 0;
  for (auto kind = ErrorKind::usage; kind <= ErrorKind::interrupted;
       kind = static_cast<ErrorKind>(static_cast<int>(kind) + 1)) {
    names.insert(std::string(to_string(kind)));
    ++kinds;
  }
  CHECK(names.size() == static_cast<std::size_t>(kinds));
  CHECK(names.contains("session-lost"));
}

TEST_CASE("error: fail gives an unexpected with kind, message and hint") {
  const Result<int> result = fail(ErrorKind::usage, "no target", "name a URL");
  REQUIRE(!result.has_value());
  CHECK(result.error().kind == ErrorKind::usage);
  CHECK(result.error().message == "no target");
  CHECK(result.error().hint == "name a URL");
}
