#include "mcp/wire/line_framer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace mcp;
using Lines = std::vector<std::string>;

TEST_CASE("line framer: a line is given once its line feed is there") {
  LineFramer framer(100);
  CHECK(*framer.feed("{\"a\"") == Lines{});
  CHECK(framer.rest() == "{\"a\"");
  CHECK(*framer.feed(":1}\n{\"b\":2}\nrest") == Lines{"{\"a\":1}", "{\"b\":2}"});
  CHECK(framer.rest() == "rest");
}

TEST_CASE("line framer: a carriage return before the line feed is dropped, also when cut there") {
  LineFramer framer(100);
  CHECK(*framer.feed("a\r\nb\r") == Lines{"a"});
  CHECK(*framer.feed("\nc\rd\n") == Lines{"b", "c\rd"});
}

TEST_CASE("line framer: empty lines are left out") {
  LineFramer framer(100);
  CHECK(*framer.feed("\n\r\n\na\n\n") == Lines{"a"});
}

TEST_CASE("line framer: a character may be cut between two reads") {
  LineFramer framer(100);
  CHECK(*framer.feed("caf\xc3") == Lines{});
  CHECK(*framer.feed("\xa9\n") == Lines{"caf\xc3\xa9"});
}

TEST_CASE("line framer: the limit counts a line, wherever it is cut") {
  for (std::size_t cut = 0; cut <= 6; ++cut) {
    CAPTURE(cut);
    const std::string text = "12345\n";
    LineFramer enough(5);
    auto lines = *enough.feed(text.substr(0, cut));
    const auto more = *enough.feed(text.substr(cut));
    lines.insert(lines.end(), more.begin(), more.end());
    CHECK(lines == Lines{"12345"});
    LineFramer small(4);
    const auto first = small.feed(text.substr(0, cut));
    const auto second = small.feed(text.substr(cut));
    CHECK(!(first && second));
  }
}

TEST_CASE("line framer: a line that is too long is a limit error, and the end") {
  LineFramer framer(8);
  const auto result = framer.feed("ok\n123456789");
  REQUIRE(!result.has_value());
  CHECK(result.error().kind == ErrorKind::limit);
  CHECK(result.error().message == "a line is longer than the limit of 8 bytes: \"123456789\"");
  CHECK(!framer.feed("\nok\n").has_value());
}

TEST_CASE("line framer: it holds no more than the limit") {
  LineFramer framer(8);
  REQUIRE(framer.feed("1234").has_value());
  CHECK(!framer.feed("567890").has_value());
  CHECK(framer.rest().size() <= 8);
}
