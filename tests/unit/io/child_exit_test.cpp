#include <csignal>

#include <doctest/doctest.h>

#include "mcp/io/child_process.hpp"
#include "mcp/io/http.hpp"

using namespace mcp;

TEST_CASE("child exit: a status and a signal are told in words") {
  CHECK(ChildExit{.status = 1}.describe() == "exit status 1");
  CHECK(ChildExit{.signal = SIGSEGV}.describe() == "killed by SIGSEGV");
}

TEST_CASE("response head: fields are found whatever their case, the first one wins") {
  const HttpResponseHead head{.status = 200, .headers = {{"X-a", "1"}, {"x-A", "2"}}};
  REQUIRE(head.find("x-a"));
  CHECK(*head.find("x-a") == "1");
  CHECK(head.find("x-b") == nullptr);
}
