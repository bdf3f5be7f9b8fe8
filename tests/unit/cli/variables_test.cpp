#include "cli/variables.hpp"

#include <doctest/doctest.h>

#include "tests/unit/cli/fake_world.hpp"

TEST_CASE("variables: all forms that editors use are filled in") {
  FakeWorld fake;
  fake.variables = {{"A", "one"}, {"EMPTY", ""}, {"HOME", "/home/ada"}};
  const auto expand = [&](const char* text) { return cli::expand_variables(text, fake.world); };
  CHECK(expand("x ${A} ${env:A}") == "x one one");
  CHECK(expand("${NONE:-fallback}") == "fallback");
  CHECK(expand("${A:-fallback}") == "one");
  CHECK(expand("${EMPTY}-${EMPTY:-default}") == "-default");
  CHECK(expand("${env:NONE:-a:b}") == "a:b");
  CHECK(expand("${userHome}/x") == "/home/ada/x");
  CHECK(expand("${workspaceFolder}") == std::filesystem::absolute(fake.directory).string());
  CHECK(expand("$A ${unfinished") == "$A ${unfinished");
}

TEST_CASE("variables: a value is not filled in a second time") {
  FakeWorld fake;
  fake.variables = {{"A", "${B}"}};
  CHECK(cli::expand_variables("${A}", fake.world) == "${B}");
}

TEST_CASE("variables: a missing one is named, with the fix") {
  const FakeWorld fake;
  const auto missing = cli::expand_variables("${TOKEN}", fake.world);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == mcp::ErrorKind::usage);
  CHECK(missing.error().message == "the environment variable TOKEN is not set");
  CHECK(missing.error().hint == "set it, or write ${TOKEN:-default} in the file");
  CHECK(cli::expand_variables("${input:key}", fake.world).error().message ==
        "${input:key} is asked for by an editor only");
}
