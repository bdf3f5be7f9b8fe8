#include <doctest/doctest.h>

#include <string>

#include "tests/integration/io/lane_bench.hpp"
#include "tests/integration/io/raw_server.hpp"

using namespace mcp;
using namespace std::chrono_literals;
using By = LaneCut::By;
using During = LaneCut::During;
using Why = LaneConnected::Why;

namespace {

/// Answers with the number of the connection.
void tell_number(RawConnection& connection, int number) {
  while (!connection.read_request().empty()) {
    connection.answer("200 OK", "", std::to_string(number));
  }
}

/// Answers once; what comes next is not answered, and ends the connection.
void answer_one(RawConnection& connection, int number) {
  connection.read_request();
  connection.answer("200 OK", "Keep-Alive: timeout=5, max=7\r\n", std::to_string(number));
  if (number == 0) connection.read_request();
}

}  // namespace

TEST_CASE("lane: each has a connection of its own, and stays with it") {
  const RawServer server(tell_number);
  LaneBench bench;
  RecordedLane told;
  const auto left = bench.http->make_lane(&told);
  const auto right = bench.http->make_lane();
  for (int round = 0; round < 3; ++round) {
    CHECK(bench.run_on(*left, {.url = server.url()}).body == "0");
    CHECK(bench.run_on(*right, {.url = server.url()}).body == "1");
  }
  CHECK(server.connections() == 2);
  REQUIRE(told.connected.size() == 1);
  CHECK(told.connected[0].why == Why::first);
  CHECK(told.connected[0].timings.peer_address == server.address());
  CHECK(told.connected[0].local_address.starts_with("127.0.0.1:"));
  CHECK(told.cuts.empty());
}

TEST_CASE("lane: beside a held stream a second connection is made, and both stay") {
  const RawServer server([](RawConnection& connection, int number) {
    const auto first = connection.read_request();
    if (first.starts_with("GET")) {
      connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n");
      connection.wait_closed();
      return;
    }
    connection.answer("200 OK", "", std::to_string(number));
    tell_number(connection, number);
  });
  LaneBench bench;
  RecordedExchange stream;
  const auto held = bench.http->start({.method = "GET", .url = server.url()}, stream);
  REQUIRE(turn_until(*bench.loop, [&] { return stream.pieces > 0; }));
  CHECK(bench.run({.url = server.url()}).body == "1");
  CHECK(bench.run({.url = server.url()}).body == "1");
  CHECK(bench.http->connections() == 2);
  REQUIRE(bench.lane.connected.size() == 2);
  CHECK(bench.lane.connected[1].why == Why::beside);
  CHECK_FALSE(stream.finished());
}

TEST_CASE("lane: the end of an idle connection is told when it comes, and so is the reconnect") {
  const RawServer server([](RawConnection& connection, int number) {
    connection.read_request();
    connection.answer("200 OK", "Keep-Alive: timeout=5, max=7\r\n", std::to_string(number));
    std::this_thread::sleep_for(30ms);
  });
  LaneBench bench;
  CHECK(bench.run({.url = server.url()}).body == "0");
  REQUIRE(bench.wait_for_cut());
  const auto& cut = bench.lane.cuts[0];
  CHECK(cut.by == By::fin);
  CHECK(cut.during == During::idle);
  CHECK(cut.after >= 25ms);
  CHECK(cut.age >= cut.after);
  CHECK(cut.exchanges == 1);
  CHECK(cut.keep_alive == 5s);
  CHECK(cut.peer_address == server.address());
  CHECK(bench.http->connections() == 0);
  CHECK(bench.run({.url = server.url()}).body == "1");
  REQUIRE(bench.lane.connected.size() == 2);
  CHECK(bench.lane.connected[1].why == Why::again);
}

TEST_CASE("lane: a reset of an idle connection is told apart from its end") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    connection.answer("200 OK", "", "ok");
    std::this_thread::sleep_for(20ms);
    connection.reset();
  });
  LaneBench bench;
  CHECK(bench.run({.url = server.url()}).succeeded());
  REQUIRE(bench.wait_for_cut());
  CHECK(bench.lane.cuts[0].by == By::reset);
  CHECK(bench.lane.cuts[0].during == During::idle);
  CHECK(bench.lane.cuts[0].os_error == ECONNRESET);
  CHECK_FALSE(bench.lane.cuts[0].keep_alive);
}

TEST_CASE("lane: bytes that nobody asked for end an idle connection") {
  const RawServer server([](RawConnection& connection, int) {
    connection.read_request();
    connection.answer("200 OK", "", "ok");
    std::this_thread::sleep_for(20ms);
    connection.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    connection.wait_closed();
  });
  LaneBench bench;
  CHECK(bench.run({.url = server.url()}).succeeded());
  REQUIRE(bench.wait_for_cut());
  CHECK(bench.lane.cuts[0].by == By::garbage);
}

TEST_CASE("lane: an answer that announces the end is told, and the next one is a reconnect") {
  std::string answer;
  SUBCASE("by Connection: close") {
    answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
  }
  SUBCASE("by HTTP/1.0") {
    answer = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok";
  }
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_request();
    connection.send(answer);
    connection.wait_closed();
  });
  LaneBench bench;
  CHECK(bench.run({.url = server.url()}).body == "ok");
  REQUIRE(bench.lane.cuts.size() == 1);
  CHECK(bench.lane.cuts[0].by == By::announced);
  CHECK(bench.run({.url = server.url()}).body == "ok");
  CHECK(bench.lane.connected[1].why == Why::again);
}

TEST_CASE("lane: a connection of HTTP/1.0 that is kept alive is kept") {
  const RawServer server([](RawConnection& connection, int) {
    while (!connection.read_request().empty()) {
      connection.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  LaneBench bench;
  CHECK(bench.run({.url = server.url()}).timings().http_version == "1.0");
  CHECK(bench.run({.url = server.url()}).succeeded());
  CHECK(server.connections() == 1);
}

TEST_CASE("lane: a kept connection that is closed on a request is a failure, not a second try") {
  const RawServer server(answer_one);
  LaneBench bench;
  CHECK(bench.run({.url = server.url()}).body == "0");
  const auto error = bench.run({.url = server.url()}).error();
  CHECK(error.kind == ErrorKind::http);
  CHECK(error.message == server.address() + " closed the connection without an answer");
  CHECK(server.connections() == 1);
  REQUIRE(bench.lane.cuts.size() == 1);
  CHECK(bench.lane.cuts[0].by == By::fin);
  CHECK(bench.lane.cuts[0].during == During::request);
  CHECK(bench.lane.cuts[0].exchanges == 1);
}

TEST_CASE("lane: where the owner allows it, the request is sent again, and that is told") {
  const RawServer server(answer_one);
  LaneBench all({.when_cut = WhenCut::resend});
  CHECK(all.run({.url = server.url()}).body == "0");
  const auto again = all.run({.url = server.url()});
  CHECK(again.body == "1");
  CHECK(again.timings().new_connection);
  CHECK(all.lane.cuts.size() == 1);
  CHECK(all.lane.connected.back().why == Why::again);
}

TEST_CASE("lane: of what may be sent again only what is idempotent is, where that is asked for") {
  const RawServer server(answer_one);
  LaneBench bench({.when_cut = WhenCut::resend_idempotent});
  CHECK(bench.run({.url = server.url()}).body == "0");
  const bool is_get = [] {
    bool get = false;
    SUBCASE("GET") {
      get = true;
    }
    SUBCASE("POST") {}
    return get;
  }();
  const auto seen = bench.run({.method = is_get ? "GET" : "POST", .url = server.url()});
  CHECK(seen.succeeded() == is_get);
}

TEST_CASE("lane: a request is sent again once, and only when nothing of an answer was heard") {
  LaneBench bench({.when_cut = WhenCut::resend});
  const RawServer closing([](RawConnection& connection, int number) {
    connection.read_request();
    if (number == 0) connection.answer("200 OK", "", "ok");
    if (number == 0) connection.read_request();
  });
  CHECK(bench.run({.url = closing.url()}).succeeded());
  CHECK_FALSE(bench.run({.url = closing.url()}).succeeded());
  CHECK(closing.connections() == 2);
  const RawServer breaking([](RawConnection& connection, int) {
    connection.read_request();
    connection.answer("200 OK", "", "ok");
    connection.read_request();
    connection.send("HTTP/1.1 2");
  });
  CHECK(bench.run({.url = breaking.url()}).succeeded());
  CHECK_FALSE(bench.run({.url = breaking.url()}).succeeded());
  CHECK(breaking.connections() == 1);
  CHECK(bench.lane.cuts.back().during == During::answer);
}

TEST_CASE("lane: connections come from the addresses that were named, in turn") {
  const RawServer server(tell_number);
  LaneBench bench({.sources = {"127.0.0.2", "127.0.0.3"}});
  RecordedLane told;
  std::vector<std::unique_ptr<Lane>> lanes;
  for (int i = 0; i < 3; ++i) {
    lanes.push_back(bench.http->make_lane(&told));
    CHECK(bench.run_on(*lanes.back(), {.url = server.url()}).succeeded());
  }
  REQUIRE(told.connected.size() == 3);
  CHECK(told.connected[0].local_address.starts_with("127.0.0.2:"));
  CHECK(told.connected[1].local_address.starts_with("127.0.0.3:"));
  CHECK(told.connected[2].local_address.starts_with("127.0.0.2:"));
}

TEST_CASE("lane: a source that is none of ours, or no address") {
  const RawServer server(tell_number);
  LaneBench bench({.sources = {"192.0.2.1"}});
  const auto error = bench.run({.url = server.url()}).error();
  CHECK(error.kind == ErrorKind::connect);
  CHECK(error.message == "cannot connect to " + server.address() +
                             " from the source that was given: Cannot assign requested address");
  const auto none = make_lean_http(*bench.loop, {}, {.sources = {"here"}});
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().kind == ErrorKind::usage);
  CHECK(none.error().message == "source \"here\" is not an IP address");
}
