#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using nlohmann::json;

namespace {

json error_without_id(const std::string& message) {
  return {{"jsonrpc", "2.0"}, {"id", nullptr}, {"error", {{"code", -32700}, {"message", message}}}};
}

}  // namespace

TEST_CASE("session: an answer to a request that was never sent is warned of") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list");
  fixture.receive_result(99, json::object());
  fixture.receive_result(-1, json::object());
  fixture.receive({{"jsonrpc", "2.0"}, {"id", "abc"}, {"result", json::object()}});
  fixture.receive_error(100, -1, "x");
  CHECK(fixture.told == Texts{"warning the server answered request 99, which was never sent",
                              "warning the server answered request -1, which was never sent",
                              "warning the server answered request \"abc\", which was never sent",
                              "warning the server answered request 100, which was never sent"});
  CHECK(fixture.replies.empty());
}

TEST_CASE("session: a second answer is warned of, and not taken") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list");
  fixture.receive_result(2, json::object());
  fixture.receive_result(2, json::object());
  CHECK(fixture.replies == Texts{"tools/list: {}"});
  CHECK(fixture.told == Texts{"warning the server answered request 2 more than once"});
}

TEST_CASE("session: a second late answer is warned of") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.session.cancel(fixture.call("tools/list"), "x");
  fixture.receive_result(2, json::object());
  fixture.receive_result(2, json::object());
  CHECK(fixture.told == Texts{"warning the server answered request 2 more than once"});
}

TEST_CASE("session: late, second and invented answers are told apart") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.session.cancel(fixture.call("tools/list"), "x");
  fixture.receive_result(2, json::object());
  fixture.receive_result(2, json::object());
  fixture.receive_result(99, json::object());
  using Strays = std::vector<StrayAnswer>;
  CHECK(fixture.strays ==
        Strays{StrayAnswer::late, StrayAnswer::duplicate, StrayAnswer::never_sent});
}

TEST_CASE("session: request ids count up from where they are told to") {
  SessionFixture fixture({.first_request_id = 1LL << 52});
  fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  CHECK(fixture.sent()["id"] == (1LL << 52));
  fixture.receive_result(1, json::object());
  CHECK(fixture.strays == std::vector<StrayAnswer>{StrayAnswer::never_sent});
  CHECK(fixture.session.pending() == 1);
}

TEST_CASE("session: an answer under the id's text is warned of, and not taken") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list");
  fixture.receive({{"jsonrpc", "2.0"}, {"id", "2"}, {"result", json::object()}});
  CHECK(fixture.told == Texts{"warning the server answered with the string id \"2\" instead of the "
                              "number 2; the answer was not taken"});
  CHECK(fixture.session.pending() == 1);
}

TEST_CASE("session: an id that is written as 2.0 is the same id") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list");
  fixture.receive({{"jsonrpc", "2.0"}, {"id", 2.0}, {"result", json::object()}});
  CHECK(fixture.replies == Texts{"tools/list: {}"});
}

TEST_CASE("session: an error without an id belongs to the only open call") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/list");
  fixture.receive(error_without_id("Parse error"));
  CHECK(fixture.replies ==
        Texts{"tools/list: rpc: tools/list: server answered -32700: Parse error"});
  CHECK(fixture.told.empty());
}

TEST_CASE("session: an error without an id among several calls is a warning") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("a");
  fixture.call("b");
  fixture.receive(error_without_id("Parse \x1b error"));
  CHECK(fixture.replies.empty());
  CHECK(fixture.told ==
        Texts{"warning the server sent an error without an id: -32700: Parse \\x1b error"});
}

TEST_CASE("session: late answers are told from duplicates also among many") {
  SessionFixture fixture;
  fixture.become_legacy();
  for (int count = 0; count < 2000; ++count) fixture.session.cancel(fixture.call("x"), "x");
  fixture.told.clear();
  fixture.receive_result(2001, json::object());
  CHECK(fixture.told.empty());
}
