#include "tests/server/stream_log.hpp"

#include <doctest/doctest.h>

#include "tests/unit/server/exchange.hpp"

using namespace mcp::testserver;
using Strings = std::vector<std::string>;

namespace {

struct Streams {
  Metrics metrics;
  OpenStreams open{metrics};
  StreamLog log{std::chrono::milliseconds(500)};

  std::unique_ptr<SseStream> connection(const AnswerPtr& answer) {
    return std::make_unique<SseStream>(open, std::make_unique<mcp::FakeResponder>(answer));
  }
};

}  // namespace

TEST_CASE("stream log: a stream is resumed where it broke, other streams' events stay away") {
  Streams streams;
  const auto first = std::make_shared<mcp::FakeAnswer>();
  const auto other = std::make_shared<mcp::FakeAnswer>();
  const auto one =
      streams.log.open(streams.connection(first), StreamLog::Origin::get, StreamLog::Priming::no);
  const auto two =
      streams.log.open(streams.connection(other), StreamLog::Origin::get, StreamLog::Priming::no);
  streams.log.send(one, "a");
  streams.log.send(two, "b");
  first->disconnect();
  CHECK(streams.metrics.streams_open == 1);
  streams.log.send(one, "c");
  const auto second = std::make_shared<mcp::FakeAnswer>();
  CHECK(streams.log.knows("1-0"));
  streams.log.resume("1-0", streams.connection(second));
  streams.log.send(one, "d");
  CHECK(events(*second) == Strings{"c", "d"});
  CHECK(event_ids(*second) == Strings{"1-1", "1-2"});
}

TEST_CASE("stream log: ids of other sessions and events to come are unknown") {
  Streams streams;
  const auto answer = std::make_shared<mcp::FakeAnswer>();
  streams.log.open(streams.connection(answer), StreamLog::Origin::post, StreamLog::Priming::yes);
  CHECK(streams.log.knows("1-0"));
  for (const auto* id : {"1-1", "2-0", "", "1", "1-", "x-0", "1-0x"}) {
    CHECK_FALSE(streams.log.knows(id));
  }
}

TEST_CASE("stream log: the newest connected GET stream is the one to speak on") {
  Streams streams;
  const auto first = std::make_shared<mcp::FakeAnswer>();
  const auto second = std::make_shared<mcp::FakeAnswer>();
  const auto post = std::make_shared<mcp::FakeAnswer>();
  const auto open = [&](const AnswerPtr& answer, StreamLog::Origin origin) {
    return streams.log.open(streams.connection(answer), origin, StreamLog::Priming::yes);
  };
  CHECK_FALSE(streams.log.newest_get().has_value());
  const auto one = open(first, StreamLog::Origin::get);
  const auto two = open(second, StreamLog::Origin::get);
  open(post, StreamLog::Origin::post);
  CHECK(streams.log.newest_get() == two);
  second->disconnect();
  CHECK(streams.log.newest_get() == one);
}

TEST_CASE("stream log: it remembers the latest events, not all of them") {
  Streams streams;
  const auto answer = std::make_shared<mcp::FakeAnswer>();
  const auto stream =
      streams.log.open(streams.connection(answer), StreamLog::Origin::get, StreamLog::Priming::no);
  for (int count = 0; count < 1000; ++count) streams.log.send(stream, "x");
  const auto again = std::make_shared<mcp::FakeAnswer>();
  streams.log.resume("1-0", streams.connection(again));
  CHECK(events(*again).size() == 256);
}
