#include <doctest/doctest.h>

#include <array>
#include <future>
#include <string>

#include "tests/integration/io/raw_server.hpp"
#include "tests/integration/io/recorded_exchange.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

/// An event stream that goes on until the client leaves.
void stream(RawConnection& connection, int) {
  connection.read_request();
  connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
  while (connection.send("data: x\n\n")) std::this_thread::sleep_for(1ms);
}

void answer_all(RawConnection& connection, int) {
  while (!connection.read_request().empty()) connection.answer("200 OK", "", "answer");
}

void turn_for(Loop& loop, Duration duration) {
  for (const auto end = Clock::now() + duration; Clock::now() < end;) loop.turn(end);
}

}  // namespace

TEST_CASE("exchange: destroying it closes the connection, and its observer hears nothing more") {
  std::promise<void> left;
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n\r\nfirst");
    connection.wait_closed();
    left.set_value();
  });
  HttpBench bench;
  RecordedExchange seen;
  auto exchange = bench.http->start({.method = "GET", .url = server.url()}, seen);
  REQUIRE(turn_until(*bench.loop, [&] { return seen.body == "first"; }));
  exchange.reset();
  CHECK(left.get_future().wait_for(5s) == std::future_status::ready);
  turn_for(*bench.loop, 20ms);
  CHECK_FALSE(seen.finished());
}

TEST_CASE("exchange: it may be destroyed from inside each of its callbacks") {
  const RawServer streaming(stream);
  const RawServer answering(answer_all);
  HttpBench bench;
  RecordedExchange seen;
  std::unique_ptr<HttpExchange> exchange;
  bool destroyed = false;
  const auto destroy = [&] {
    exchange.reset();
    destroyed = true;
  };
  SUBCASE("head") {
    seen.when_head = destroy;
  }
  SUBCASE("data") {
    seen.when_data = destroy;
  }
  SUBCASE("finished") {
    seen.when_finished = destroy;
  }
  const auto& server = seen.when_finished ? answering : streaming;
  exchange = bench.http->start({.method = "GET", .url = server.url()}, seen);
  REQUIRE(turn_until(*bench.loop, [&] { return destroyed; }));
  const auto pieces = seen.pieces;
  turn_for(*bench.loop, 20ms);
  CHECK(seen.pieces == pieces);
  CHECK(seen.finished() == (seen.when_finished != nullptr));
  // The client works on.
  CHECK(bench.run({.url = answering.url()}).body == "answer");
}

TEST_CASE("exchange: a callback may start, destroy and restart others") {
  const RawServer streaming(stream);
  const RawServer answering(answer_all);
  HttpBench bench;
  RecordedExchange outer;
  RecordedExchange victim;
  RecordedExchange inner;
  std::array<std::unique_ptr<HttpExchange>, 3> exchanges;
  exchanges[0] = bench.http->start({.method = "GET", .url = streaming.url()}, victim);
  REQUIRE(turn_until(*bench.loop, [&] { return victim.pieces > 0; }));
  outer.when_data = [&] {
    if (exchanges[2]) return;
    exchanges[0].reset();
    RecordedExchange never;
    const auto unused = bench.http->start({.url = answering.url()}, never);
    exchanges[2] = bench.http->start({.url = answering.url()}, inner);
    CHECK_FALSE(inner.finished());
  };
  exchanges[1] = bench.http->start({.method = "GET", .url = streaming.url()}, outer);
  REQUIRE(turn_until(*bench.loop, [&] { return inner.finished(); }));
  CHECK(inner.body == "answer");
  const auto pieces = victim.pieces;
  turn_for(*bench.loop, 20ms);
  CHECK(victim.pieces == pieces);
  CHECK_FALSE(outer.finished());
}

TEST_CASE("exchange: the next one may be started from the end of the one before") {
  const RawServer server(answer_all);
  HttpBench bench;
  RecordedExchange first;
  RecordedExchange second;
  std::unique_ptr<HttpExchange> next;
  first.when_finished = [&] { next = bench.http->start({.url = server.url()}, second); };
  const auto exchange = bench.http->start({.url = server.url()}, first);
  REQUIRE(turn_until(*bench.loop, [&] { return second.finished(); }));
  CHECK(second.body == "answer");
  CHECK(server.connections() == 1);
}

TEST_CASE("exchange: one that was never turned, and one that failed to start, can be destroyed") {
  HttpBench bench;
  RecordedExchange seen;
  auto exchange = bench.http->start({.url = "http://127.0.0.1:1/"}, seen);
  exchange.reset();
  exchange = bench.http->start({.url = "nonsense"}, seen);
  exchange.reset();
  turn_for(*bench.loop, 20ms);
  CHECK_FALSE(seen.finished());
}

TEST_CASE("client: destroying it ends what runs, without calls; the exchanges may go later") {
  const RawServer server(stream);
  RecordedExchange seen;
  std::unique_ptr<HttpExchange> exchange;
  std::unique_ptr<HttpExchange> connection;
  HttpBench bench;
  RecordedExchange connected;
  exchange = bench.http->start(
      {.method = "GET", .url = server.url(), .deadline = Clock::now() + 1h}, seen);
  connection = bench.http->start_connect({.url = server.url()}, connected);
  REQUIRE(turn_until(*bench.loop, [&] { return seen.pieces > 0 && connected.finished(); }));
  bench.http.reset();
  const auto pieces = seen.pieces;
  turn_for(*bench.loop, 20ms);
  CHECK(seen.pieces == pieces);
  CHECK_FALSE(seen.finished());
}

TEST_CASE("client: it may be destroyed at the end of an exchange") {
  const RawServer server(answer_all);
  HttpBench bench;
  RecordedExchange seen;
  RecordedExchange other;
  seen.when_finished = [&] { bench.http.reset(); };
  const auto exchange = bench.http->start({.url = server.url()}, seen);
  const auto second = bench.http->start({.url = server.url()}, other);
  REQUIRE(turn_until(*bench.loop, [&] { return seen.finished(); }));
  CHECK(seen.body == "answer");
}
