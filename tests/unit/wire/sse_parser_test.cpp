#include "mcp/wire/sse_parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace mcp;
using namespace std::chrono_literals;

namespace {

std::string shown(const std::vector<SseEvent>& events) {
  std::string text;
  for (const auto& event : events) {
    text += "[" + event.type + "|" + event.data + "|" + event.last_event_id + "]";
  }
  return text;
}

std::string parsed(std::string_view stream) {
  SseParser parser;
  const auto events = parser.feed(stream);
  return events ? shown(*events) : events.error().message;
}

}  // namespace

TEST_CASE("sse: an event is dispatched at its blank line") {
  SseParser parser;
  CHECK(shown(*parser.feed("event: endpoint\ndata: /messages\n")) == "");
  CHECK(shown(*parser.feed("\n")) == "[endpoint|/messages|]");
}

TEST_CASE("sse: a stream that names no type gives messages") {
  CHECK(parsed("data: 1\n\nevent: x\ndata: 2\n\ndata: 3\n\n") == "[message|1|][x|2|][message|3|]");
}

TEST_CASE("sse: lines end in LF, CR or CRLF") {
  const std::string expected = "[message|a\nb|1][message|c|1]";
  CHECK(parsed("id: 1\ndata: a\ndata: b\n\ndata: c\n\n") == expected);
  CHECK(parsed("id: 1\rdata: a\rdata: b\r\rdata: c\r\r") == expected);
  CHECK(parsed("id: 1\r\ndata: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n") == expected);
  CHECK(parsed("id: 1\r\ndata: a\ndata: b\r\r\ndata: c\n\r") == expected);
}

TEST_CASE("sse: a stream may be cut anywhere") {
  const std::string stream =
      "\xef\xbb\xbfid: 7\r\nretry: 250\r\ndata: caf\xc3\xa9\r\n\r\n: ping\r\n\r\ndata: x\r\n\r\n";
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      SseParser parser;
      std::string text = shown(*parser.feed(stream.substr(0, first)));
      text += shown(*parser.feed(stream.substr(first, second - first)));
      text += shown(*parser.feed(stream.substr(second)));
      REQUIRE(text == "[message|caf\xc3\xa9|7][message|x|7]");
      REQUIRE(parser.retry() == 250ms);
      REQUIRE(parser.comments() == 1);
    }
  }
}

TEST_CASE("sse: a byte order mark counts at the start alone") {
  CHECK(parsed("\xef\xbb\xbf"
               "data: a\n\n") == "[message|a|]");
  CHECK(parsed("data: a\n\n\xef\xbb\xbf"
               "data: b\n\n") == "[message|a|]");
  CHECK(parsed("data: \xef\xbb\xbf\n\n") == "[message|\xef\xbb\xbf|]");
}

TEST_CASE("sse: one blank after the colon is dropped, and a colon may be missing") {
  CHECK(parsed("data:a\n\ndata:  b\n\ndata: c: d\n\n") ==
        "[message|a|][message| b|][message|c: d|]");
  CHECK(parsed("data\ndata: x\ndata\n\n") == "[message|\nx\n|]");
}

TEST_CASE("sse: unknown fields and fields in other case are ignored") {
  CHECK(parsed("foo: 1\nDATA: 2\ndata : 3\ndata: 4\n\n") == "[message|4|]");
}

TEST_CASE("sse: comments are ignored and counted") {
  SseParser parser;
  CHECK(shown(*parser.feed(":\n: keep-alive\n\n:x\ndata: 1\n:y\n\n")) == "[message|1|]");
  CHECK(parser.comments() == 4);
}

TEST_CASE("sse: a priming event is not dispatched, but its id and retry count") {
  SseParser parser;
  CHECK(shown(*parser.feed("id: abc\nretry: 500\ndata:\n\n")) == "");
  CHECK(parser.last_event_id() == "abc");
  CHECK(parser.retry() == 500ms);
  CHECK(parser.comments() == 1);
  CHECK(shown(*parser.feed("data: 1\n\n")) == "[message|1|abc]");
}

TEST_CASE("sse: the type of an event without data is not kept for the next one") {
  CHECK(parsed("event: x\n\ndata: 1\n\n") == "[message|1|]");
}

TEST_CASE("sse: an id holds until the next one, and an empty one clears it") {
  CHECK(parsed("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n") ==
        "[message|a|1][message|b|1][message|c|]");
}

TEST_CASE("sse: an id takes effect with its event, not before") {
  SseParser parser;
  REQUIRE(parser.feed("id: 1\ndata: a\n\nid: 2\ndata: b\n").has_value());
  CHECK(parser.last_event_id() == "1");
}

TEST_CASE("sse: an id with a NUL is ignored") {
  CHECK(parsed(std::string_view("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", 31)) ==
        "[message|a|1][message|b|1]");
}

TEST_CASE("sse: retry takes digits alone") {
  for (const std::string value : {"", "1s", "-1", "+1", " 1", "1.5", "99999999999999999999"}) {
    CAPTURE(value);
    SseParser parser;
    REQUIRE(parser.feed("retry: 5\nretry: " + value + "\n\n").has_value());
    CHECK(parser.retry() == 5ms);
  }
}

TEST_CASE("sse: blank lines are counted, so that a flood of them can be bounded") {
  SseParser parser;
  CHECK(shown(*parser.feed("\n\n\n")) == "");
  CHECK(parser.comments() == 3);
}

TEST_CASE("sse: an unfinished event is not dispatched") {
  CHECK(parsed("data: 1\n\ndata: 2\n") == "[message|1|]");
}

TEST_CASE("sse: a line beyond the limit is a limit error, and the end") {
  SseParser parser({.event_bytes = 100, .line_bytes = 10});
  REQUIRE(parser.feed("data: 1234\n\n").has_value());
  REQUIRE(parser.feed("data: 12").has_value());
  const auto result = parser.feed("345");
  REQUIRE(!result.has_value());
  CHECK(result.error().kind == ErrorKind::limit);
  CHECK(result.error().message ==
        "a line of the event stream is longer than the limit of 10 bytes: \"data: 12\"");
  CHECK(!parser.feed("\n\ndata: 1\n\n").has_value());
}

TEST_CASE("sse: an event beyond the limit is a limit error, and the end") {
  SseParser parser({.event_bytes = 20, .line_bytes = 10});
  REQUIRE(parser.feed("data: 1234\ndata: 1234\n\n").has_value());
  const auto result = parser.feed("data: 1234\ndata: 1234\ndata\n");
  REQUIRE(!result.has_value());
  CHECK(result.error().kind == ErrorKind::limit);
  CHECK(result.error().message == "an event is longer than the limit of 20 bytes: \"data\"");
  CHECK(!parser.feed("\n").has_value());
}

TEST_CASE("sse: fields that dispatch nothing count towards the limit of an event too") {
  SseParser parser({.event_bytes = 100, .line_bytes = 10});
  bool refused = false;
  for (int line = 0; line < 20 && !refused; ++line)
    refused = !parser.feed("event: x\n").has_value();
  CHECK(refused);
}

TEST_CASE("sse: comments do not count towards the limit of an event") {
  SseParser parser({.event_bytes = 20, .line_bytes = 10});
  for (int line = 0; line < 20; ++line) REQUIRE(parser.feed(": 1234\n").has_value());
  CHECK(shown(*parser.feed("data: 1\n\n")) == "[message|1|]");
}
