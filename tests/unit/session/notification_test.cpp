#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json progress(const json& token, double value) {
  return {{"jsonrpc", "2.0"},
          {"method", "notifications/progress"},
          {"params", {{"progressToken", token}, {"progress", value}}}};
}

json notification(const std::string& method) {
  return {{"jsonrpc", "2.0"}, {"method", method}};
}

}  // namespace

TEST_CASE("session: notifications go to the observer, unknown ones too") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.receive(notification("notifications/message"));
  fixture.receive(notification("notifications/of/the/future"));
  CHECK(fixture.told ==
        Texts{"notification notifications/message", "notification notifications/of/the/future"});
}

TEST_CASE("session: progress goes to the call that asked for it") {
  SessionFixture fixture;
  fixture.become_legacy();
  Texts seen;
  CallOptions options;
  options.on_progress = [&seen](const Notification& each) { seen.push_back(each.params->dump()); };
  fixture.call("tools/call", {{"name", "slow"}}, std::move(options));
  CHECK(fixture.sent_params() == json{{"name", "slow"}, {"_meta", {{"progressToken", 2}}}});
  fixture.receive(progress(2, 0.5));
  fixture.receive(progress(2, 1));
  CHECK(seen ==
        Texts{R"({"progress":0.5,"progressToken":2})", R"({"progress":1.0,"progressToken":2})"});
  CHECK(fixture.told.empty());
}

TEST_CASE("session: progress that belongs to no open call goes to the observer") {
  SessionFixture fixture;
  fixture.become_legacy();
  fixture.call("tools/call");
  for (const json& token : {json(2), json(99), json("2"), json(nullptr)}) {
    fixture.receive(progress(token, 1));
  }
  fixture.receive(notification("notifications/progress"));
  CHECK(fixture.told == Texts(5, "notification notifications/progress"));
}

TEST_CASE("session: a progress callback may cancel its call") {
  SessionFixture fixture;
  fixture.become_legacy();
  CallOptions options;
  options.on_progress = [&fixture](const Notification&) {
    fixture.session.cancel(RequestId(2), "enough");
  };
  fixture.call("tools/call", nullptr, std::move(options));
  fixture.receive(progress(2, 1));
  CHECK(fixture.session.pending() == 0);
  fixture.receive(progress(2, 2));
  CHECK(fixture.told == Texts{"notification notifications/progress"});
}

TEST_CASE("session: notifications of a subscription go to the observer while it stays open") {
  SessionFixture fixture;
  fixture.become_modern();
  fixture.call("subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}});
  fixture.receive(notification("notifications/subscriptions/acknowledged"));
  fixture.receive(notification("notifications/tools/list_changed"));
  CHECK(fixture.told == Texts{"notification notifications/subscriptions/acknowledged",
                              "notification notifications/tools/list_changed"});
  CHECK(fixture.session.pending() == 1);
}

TEST_CASE("session: endless notifications end all calls with a limit error") {
  SessionFixture fixture({.max_notifications_in_row = 3});
  fixture.become_legacy();
  fixture.call("a");
  fixture.call("b");
  fixture.forget();
  for (int count = 0; count < 3; ++count) fixture.receive(notification("notifications/message"));
  CHECK(fixture.replies.empty());
  fixture.receive(notification("notifications/message"));
  CHECK(fixture.replies ==
        Texts{"a: limit: the server sent more than 3 messages without an answer",
              "b: limit: the server sent more than 3 messages without an answer"});
  CHECK(fixture.abandoned == Texts{"2", "3"});
}

TEST_CASE("session: endless requests and answers that match nothing are bounded as well") {
  SessionFixture fixture({.max_notifications_in_row = 3});
  fixture.become_legacy();
  fixture.call("a");
  for (int count = 0; count < 2; ++count) {
    fixture.receive({{"jsonrpc", "2.0"}, {"id", count}, {"method", "ping"}});
    fixture.receive_result(1000 + count, json::object());
  }
  CHECK(fixture.replies.size() == 1);
}

TEST_CASE("session: an answer starts the count again") {
  SessionFixture fixture({.max_notifications_in_row = 3});
  fixture.become_legacy();
  fixture.call("open");
  fixture.call("x");
  for (int count = 0; count < 3; ++count) fixture.receive(notification("notifications/message"));
  fixture.receive_result(3, json::object());
  for (int count = 0; count < 3; ++count) fixture.receive(notification("notifications/message"));
  CHECK(fixture.session.pending() == 1);
}

TEST_CASE("session: a new call starts the count again") {
  SessionFixture fixture({.max_notifications_in_row = 3});
  fixture.become_legacy();
  fixture.call("open");
  for (int count = 0; count < 3; ++count) fixture.receive(notification("notifications/message"));
  fixture.call("x");
  for (int count = 0; count < 3; ++count) fixture.receive(notification("notifications/message"));
  CHECK(fixture.session.pending() == 2);
}
