#include "cli/header_field.hpp"

#include <doctest/doctest.h>

#include "tests/unit/cli/fake_world.hpp"

using mcp::Header;
using mcp::HeaderList;

TEST_CASE("header: name and value are cut at the first colon and trimmed") {
  CHECK(*cli::parse_header_field("X-A:  b: c ") == Header{"X-A", "b: c"});
  CHECK(*cli::parse_header_field("X-A:") == Header{"X-A", ""});
}

TEST_CASE("header: what HTTP does not allow is refused without quoting the value") {
  for (const char* text : {"no colon", ": value", "a b: c", "a\xc3\xa4: c", "x: a\r\nY: b"}) {
    const auto field = cli::parse_header_field(text);
    REQUIRE_FALSE(field);
    CHECK(field.error().kind == mcp::ErrorKind::usage);
    CHECK(field.error().message.find("Y: b") == std::string::npos);
  }
}

TEST_CASE("header: secrets are refused on the command line and taken from a file") {
  const FakeWorld fake;
  for (const char* field : {"Authorization: Bearer x", "x-api-key: x", "COOKIE: x"}) {
    const auto refused = cli::read_header_options({field});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().hint.find("--token-file") != std::string::npos);
    const auto file = fake.file("headers", std::string(field) + "\r\n\n");
    CHECK(cli::read_header_options({"@" + file})->size() == 1);
  }
}

TEST_CASE("header: a mistake in a file is told with its line") {
  const FakeWorld fake;
  const auto file = fake.file("headers", "A: 1\n\nwrong\n");
  const auto refused = cli::read_header_options({"@" + file});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == file + ":3: a header needs a colon after its name");
}

TEST_CASE("header: order is kept, files and fields mixed") {
  const FakeWorld fake;
  const auto file = fake.file("headers", "B: 2\nC: 3\n");
  CHECK(*cli::read_header_options({"A: 1", "@" + file, "D: 4"}) ==
        HeaderList{{"A", "1"}, {"B", "2"}, {"C", "3"}, {"D", "4"}});
}
