#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json cancelled(std::int64_t id, const std::string& reason) {
  return {{"jsonrpc", "2.0"},
          {"method", "notifications/cancelled"},
          {"params", {{"requestId", id}, {"reason", reason}}}};
}

}  // namespace

TEST_CASE("session: a call that gets no reply times out at its deadline") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list", nullptr, {.deadline = fixture.at(200ms)});
  fixture.forget();
  fixture.session.expire(fixture.at(199ms));
  CHECK(fixture.replies.empty());
  fixture.session.expire(fixture.at(200ms));
  CHECK(fixture.replies == Texts{"tools/list: timeout: tools/list: no answer before the deadline"});
  CHECK(fixture.session.pending() == 0);
}

TEST_CASE("session: a legacy call that times out is cancelled and its stream given up") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list", nullptr, {.deadline = fixture.at(200ms)});
  fixture.forget();
  fixture.session.expire(fixture.at(1s));
  CHECK(fixture.sent() == cancelled(2, "timeout"));
  CHECK(fixture.abandoned == Texts{"2"});
}

TEST_CASE("session: a modern call over HTTP is cancelled by closing its stream alone") {
  SessionFixture fixture;
  fixture.become_modern();
  const auto id = fixture.call("tools/list");
  fixture.forget();
  fixture.session.cancel(id, "not needed");
  CHECK(fixture.outbox.empty());
  CHECK(fixture.abandoned == Texts{"2"});
  CHECK(fixture.replies.empty());
}

TEST_CASE("session: a modern call over stdio is cancelled by a notification") {
  SessionFixture fixture({.cancel_by_notification = true});
  fixture.become_modern();
  const auto id = fixture.call("tools/list");
  fixture.forget();
  fixture.session.cancel(id, "not needed");
  CHECK(fixture.sent() == cancelled(2, "not needed"));
}

TEST_CASE("session: a call that was cancelled is never answered") {
  SessionFixture fixture;
  fixture.become_legacy();
  const auto id = fixture.call("tools/list", nullptr, {.deadline = fixture.at(1s)});
  fixture.session.cancel(id, "not needed");
  fixture.receive_result(2, json::object());
  fixture.session.expire(fixture.at(2s));
  CHECK(fixture.replies.empty());
}

TEST_CASE("session: a call is cancelled once, and unknown ids do nothing") {
  SessionFixture fixture;
  fixture.become_legacy();
  const auto id = fixture.call("tools/list");
  fixture.forget();
  fixture.session.cancel(id, "one");
  fixture.session.cancel(id, "two");
  fixture.session.cancel(RequestId(99), "x");
  fixture.session.cancel(RequestId("2"), "x");
  CHECK(fixture.outbox.size() == 1);
}

TEST_CASE("session: a late answer to a call that was given up is ignored silently") {
  SessionFixture fixture;
  fixture.become_legacy();
  const auto id = fixture.call("a");
  fixture.call("b", nullptr, {.deadline = fixture.at(1s)});
  fixture.session.cancel(id, "x");
  fixture.session.expire(fixture.at(1s));
  fixture.told.clear();
  fixture.receive_result(2, json::object());
  fixture.receive_error(3, -32603, "late");
  CHECK(fixture.told.empty());
}

TEST_CASE("session: the next deadline is that of the earliest call") {
  SessionFixture fixture;
  fixture.become_legacy();
  CHECK(fixture.session.next_deadline() == std::nullopt);
  fixture.call("none");
  CHECK(fixture.session.next_deadline() == std::nullopt);
  fixture.call("late", nullptr, {.deadline = fixture.at(2s)});
  fixture.call("soon", nullptr, {.deadline = fixture.at(1s)});
  CHECK(fixture.session.next_deadline() == fixture.at(1s));
  fixture.session.expire(fixture.at(1s));
  CHECK(fixture.session.next_deadline() == fixture.at(2s));
}

TEST_CASE("session: a reply at its deadline may start the next call") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.session.call("a", {}, {.deadline = fixture.at(1s)}, [&](const Result<Json>&) {
    fixture.call("b", nullptr, {.deadline = fixture.at(1s)});
  });
  fixture.session.expire(fixture.at(1s));
  CHECK(fixture.session.pending() == 1);
  fixture.session.expire(fixture.at(1s));
  CHECK(fixture.replies == Texts{"b: timeout: b: no answer before the deadline"});
}

TEST_CASE("session: a subscription that the server cancels waits a second for its answer") {
  const json notification = {
      {"jsonrpc", "2.0"}, {"method", "notifications/cancelled"}, {"params", {{"requestId", 2}}}};
  SessionFixture fixture({.cancel_by_notification = true});
  fixture.become_modern();
  fixture.call("subscriptions/listen");
  fixture.forget();
  fixture.receive(notification, 10s);
  CHECK(fixture.told == Texts{"notification notifications/cancelled"});
  CHECK(fixture.session.next_deadline() == fixture.at(11s));
  SUBCASE("which is a graceful end") {
    fixture.receive_result(2, {{"resultType", "complete"}});
    CHECK(fixture.replies == Texts{R"(subscriptions/listen: {"resultType":"complete"})"});
  }
  SUBCASE("and is lost without one, with nothing left to cancel") {
    fixture.session.expire(fixture.at(11s));
    CHECK(fixture.replies == Texts{"subscriptions/listen: session-lost: subscriptions/listen: the "
                                   "server ended the subscription"});
    CHECK(fixture.outbox.empty());
  }
}

TEST_CASE("session: a server cannot cancel a call that is no subscription") {
  SessionFixture fixture;
  fixture.become_modern();
  fixture.call("tools/call");
  fixture.receive(
      {{"jsonrpc", "2.0"}, {"method", "notifications/cancelled"}, {"params", {{"requestId", 2}}}});
  CHECK(fixture.session.next_deadline() == std::nullopt);
  CHECK(fixture.session.pending() == 1);
}
