#include "mcp/transport/event_reader.hpp"

#include <doctest/doctest.h>

using mcp::ErrorKind;
using mcp::EventReader;
using namespace std::chrono_literals;

namespace {

mcp::TransportLimits few_keepalives() {
  mcp::TransportLimits limits;
  limits.keepalives_in_row = 3;
  return limits;
}

}  // namespace

TEST_CASE("event reader: the cursor and the retry time outlive the connection") {
  EventReader reader({});
  CHECK(reader.cursor().empty());
  CHECK(reader.retry() == 1s);
  REQUIRE(reader.feed("id: e1\nretry: 250\ndata:\n\n").has_value());
  reader.reconnect();
  REQUIRE(reader.feed("data: x\n\n").has_value());
  CHECK(reader.cursor() == "e1");
  CHECK(reader.retry() == 250ms);
}

TEST_CASE("event reader: an unfinished event of the old connection is dropped with it") {
  EventReader reader({});
  REQUIRE(reader.feed("id: e2\ndata: ha").has_value());
  reader.reconnect();
  const auto events = reader.feed("data: whole\n\n");
  REQUIRE(events.has_value());
  REQUIRE(events->size() == 1);
  CHECK(events->front().data == "whole");
  CHECK(reader.cursor().empty());
}

TEST_CASE("event reader: a retry time beyond all measure is a day") {
  EventReader reader({});
  REQUIRE(reader.feed("retry: 9223372036854775807\n\n").has_value());
  CHECK(reader.retry() == 24h);
}

TEST_CASE("event reader: comments without a message in between end in a limit error") {
  EventReader reader(few_keepalives());
  CHECK(reader.feed(": 1\n\n: 2\n\n: 3\n\n").has_value());
  const auto events = reader.feed(": 4\n\n");
  REQUIRE_FALSE(events.has_value());
  CHECK(events.error().kind == ErrorKind::limit);
  CHECK(events.error().message ==
        "the event stream brought more than 3 comments and empty events in a row, and no message");
}

TEST_CASE("event reader: a message in between makes the count of keep-alives start again") {
  EventReader reader(few_keepalives());
  CHECK(reader.feed(": 1\n\n: 2\n\n: 3\n\n").has_value());
  CHECK(reader.feed("data: x\n\n").has_value());
  CHECK(reader.feed(": 1\n\n: 2\n\n: 3\n\n").has_value());
}

TEST_CASE("event reader: events of a type that MCP does not have count as keep-alives") {
  EventReader reader(few_keepalives());
  CHECK(reader.feed("event: ping\ndata: x\n\n\nevent: ping\ndata: x\n\n").has_value());
  CHECK_FALSE(reader.feed("event: ping\ndata: x\n\nevent: ping\ndata: x\n\n").has_value());
}

TEST_CASE("event reader: keep-alives count on over a reconnection") {
  EventReader reader(few_keepalives());
  CHECK(reader.feed(": 1\n\n: 2\n\n").has_value());
  reader.reconnect();
  CHECK_FALSE(reader.feed(": 3\n\n: 4\n\n").has_value());
}

TEST_CASE("event reader: only a message or a new id moves a connection on") {
  EventReader reader({});
  REQUIRE(reader.feed("id: e1\n\n: c\n\n").has_value());
  CHECK(reader.moved_on());
  reader.reconnect();
  REQUIRE(reader.feed("id: e1\n\n: c\n\nevent: ping\ndata: x\n\n").has_value());
  CHECK_FALSE(reader.moved_on());
  REQUIRE(reader.feed("data: x\n\n").has_value());
  CHECK(reader.moved_on());
}

TEST_CASE("event reader: keep-alives are counted, over connections, and what primes is none") {
  EventReader reader({});
  REQUIRE(reader.feed("id: e1\ndata:\n\n").has_value());
  CHECK(reader.keepalives() == 0);
  REQUIRE(reader.feed(": ping\n\n").has_value());
  reader.reconnect();
  REQUIRE(reader.feed("event: ping\ndata: 1\n\ndata: x\n\n").has_value());
  CHECK(reader.keepalives() == 2);
}
