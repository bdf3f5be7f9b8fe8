#include <doctest/doctest.h>

#include "cli/render/format.hpp"

TEST_CASE("formats: each is found by its name, and an unknown one tells what there is") {
  for (const auto& format : cli::formats())
    CHECK(cli::find_format(format.name)->name == format.name);
  const auto unknown = cli::find_format("yaml");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().kind == mcp::ErrorKind::usage);
  CHECK(unknown.error().hint == "choose one of text, json, junit, prometheus, nagios, github");
}

TEST_CASE("fit: a short text stays as it is") {
  CHECK(cli::fit("a\nb\n", 4) == "a\nb\n");
}

TEST_CASE("fit: a long text ends with a whole line and a mark, within the limit") {
  CHECK(cli::fit("first\nsecond\nthird line\n", 20) == "first\n… (cut)\n");
}

TEST_CASE("fit: one long line is cut between characters") {
  CHECK(cli::fit("aéééééééééééééé", 16) == "aéé… (cut)\n");
  CHECK(cli::fit("aaéééééééééééééé", 16) == "aaéé… (cut)\n");
}
