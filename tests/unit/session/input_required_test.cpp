#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using namespace std::chrono_literals;
using namespace std::string_literals;
using nlohmann::json;

namespace {

const SessionConfig accepting = {.capabilities = {.roots = true, .elicitation = true},
                                 .elicitation = ElicitationPolicy::accept_defaults};

json elicitation(const json& properties = json::object()) {
  return {
      {"method", "elicitation/create"},
      {"params",
       {{"message", "m"}, {"requestedSchema", {{"type", "object"}, {"properties", properties}}}}}};
}

json input_required(const json& requests, const json& state) {
  json result = {{"resultType", "input_required"}};
  if (!requests.is_null()) result["inputRequests"] = requests;
  if (!state.is_null()) result["requestState"] = state;
  return result;
}

/// The error of a tools/call that is answered with `result`.
std::string refusal(const json& result, const SessionConfig& config = accepting) {
  SessionFixture fixture(config);
  fixture.become_modern();
  fixture.call("tools/call", {{"name", "ask"}});
  fixture.forget();
  fixture.receive_result(2, result);
  CHECK(fixture.outbox.empty());
  return fixture.replies.empty() ? "none" : fixture.replies.front();
}

}  // namespace

TEST_CASE("input required: the request is sent again with the answers, the state and a new id") {
  SessionFixture fixture(accepting);
  fixture.become_modern();
  fixture.call("tools/call", {{"name", "ask"}, {"arguments", {{"a", 1}}}},
               {.deadline = fixture.at(3s), .headers = {{"Mcp-Param-A", "1"}}});
  const auto first = fixture.take();
  fixture.receive_result(
      2, input_required({{"who", elicitation({{"name", {{"type", "string"}, {"default", "x"}}}})},
                         {"where", {{"method", "roots/list"}}}},
                        "opaque \u00e9\u0000\"\\/"s));
  const auto second = fixture.take();
  CHECK(second.headers == first.headers);
  CHECK(second.deadline == fixture.at(3s));
  const auto& retry = std::get<Request>(second.message);
  CHECK(retry.id == RequestId(3));
  CHECK(retry.method == "tools/call");
  auto expected = *std::get<Request>(first.message).params;
  expected["requestState"] = "opaque \u00e9\u0000\"\\/"s;
  expected["inputResponses"] = {{"who", {{"action", "accept"}, {"content", {{"name", "x"}}}}},
                                {"where", {{"roots", json::array()}}}};
  CHECK(*retry.params == expected);
  CHECK(fixture.told == Texts{"request roots/list: empty list",
                              "request elicitation/create: accepted with the schema's defaults"});
  fixture.receive_result(3, {{"resultType", "complete"}, {"content", json::array()}});
  CHECK(fixture.replies == Texts{R"(tools/call: {"content":[],"resultType":"complete"})"});
}

TEST_CASE("input required: a state comes back byte by byte") {
  SessionFixture fixture(accepting);
  fixture.become_modern();
  fixture.call("tools/call");
  fixture.forget();
  const std::string state = "a\u0000\u001f\u007f \\u0041 \U0001f680 </script> ="s;
  REQUIRE(state.size() == 28);
  auto messages =
      decode(R"({"jsonrpc":"2.0","id":2,"result":{"resultType":"input_required","requestState":)" +
             json(state).dump(-1, ' ', true) + "}}");
  fixture.session.receive(std::move(messages->front()), fixture.at(0s));
  CHECK(fixture.sent_params()["requestState"] == state);
}

TEST_CASE("input required: a result without a state sends none, also not an earlier one") {
  SessionFixture fixture(accepting);
  fixture.become_modern();
  fixture.call("tools/call", {{"name", "ask"}});
  fixture.forget();
  fixture.receive_result(2, input_required(nullptr, "one"));
  CHECK(fixture.sent_params()["requestState"] == "one");
  fixture.receive_result(3, input_required({{"k", elicitation()}}, nullptr));
  const auto second = fixture.sent_params();
  CHECK(!second.contains("requestState"));
  CHECK(second["inputResponses"] ==
        json{{"k", {{"action", "accept"}, {"content", json::object()}}}});
  fixture.receive_result(4, input_required(nullptr, "two"));
  const auto third = fixture.sent_params();
  CHECK(third["requestState"] == "two");
  CHECK(!third.contains("inputResponses"));
}

TEST_CASE("input required: another call gets nothing of it") {
  SessionFixture fixture(accepting);
  fixture.become_modern();
  fixture.call("tools/call", {{"name", "ask"}});
  fixture.receive_result(2, input_required({{"k", elicitation()}}, "secret"));
  fixture.forget();
  fixture.call("tools/call", {{"name", "other"}});
  const auto params = fixture.sent_params();
  CHECK(!params.contains("requestState"));
  CHECK(!params.contains("inputResponses"));
}

TEST_CASE("input required: prompts and resources may ask as well") {
  for (const std::string method : {"prompts/get", "resources/read"}) {
    CAPTURE(method);
    SessionFixture fixture(accepting);
    fixture.become_modern();
    fixture.call(method);
    fixture.forget();
    fixture.receive_result(2, input_required({{"k", elicitation()}}, nullptr));
    CHECK(fixture.outbox.size() == 1);
  }
}

TEST_CASE("input required: other methods must not ask") {
  for (const std::string method : {"tools/list", "completion/complete", "subscriptions/listen"}) {
    CAPTURE(method);
    SessionFixture fixture(accepting);
    fixture.become_modern();
    fixture.call(method);
    fixture.forget();
    fixture.receive_result(2, input_required({{"k", elicitation()}}, "s"));
    CHECK(fixture.outbox.empty());
    CHECK(fixture.replies == Texts{method + ": protocol: " + method +
                                   ": the server requires input, which it must not do here"});
  }
}

TEST_CASE("input required: a request for what was not declared is a protocol error that names it") {
  const json sampling = {{"method", "sampling/createMessage"}, {"params", json::object()}};
  CHECK(refusal(input_required({{"k", sampling}}, nullptr)) ==
        "tools/call: protocol: tools/call: the server asks for \"sampling/createMessage\", which "
        "the client did not declare (input request \"k\")");
  CHECK(refusal(input_required({{"k", elicitation()}}, nullptr), {}) ==
        "tools/call: protocol: tools/call: the server asks for \"elicitation/create\", which the "
        "client did not declare (input request \"k\")");
  CHECK(refusal(input_required({{"k", {{"method", "roots/list"}}}}, nullptr), {}) ==
        "tools/call: protocol: tools/call: the server asks for \"roots/list\", which the client "
        "did not declare (input request \"k\")");
}

TEST_CASE("input required: an elicitation by URL is declined") {
  SessionFixture fixture(accepting);
  fixture.become_modern();
  fixture.call("tools/call");
  fixture.forget();
  fixture.receive_result(
      2, input_required({{"k", {{"method", "elicitation/create"}, {"params", {{"mode", "url"}}}}}},
                        nullptr));
  CHECK(fixture.sent_params()["inputResponses"] == json{{"k", {{"action", "decline"}}}});
  CHECK(fixture.told == Texts{"request elicitation/create: declined: its mode was not declared"});
}

TEST_CASE("input required: results of the wrong shape are protocol errors") {
  CHECK(refusal(input_required(nullptr, nullptr)) ==
        "tools/call: protocol: tools/call: input_required with neither inputRequests nor "
        "requestState: \"{\"resultType\":\"input_required\"}\"");
  for (const json& result : {input_required(json::array(), nullptr), input_required("x", nullptr),
                             input_required(nullptr, 5), input_required(nullptr, json::object())}) {
    CAPTURE(result.dump());
    CHECK(refusal(result).starts_with(
        "tools/call: protocol: tools/call: input_required is malformed: "));
  }
  for (const json& request : {json("x"), json::object(), json{{"method", 5}}}) {
    CAPTURE(request.dump());
    CHECK(refusal(input_required({{"k", request}}, nullptr))
              .starts_with("tools/call: protocol: tools/call: input request \"k\" is malformed: "));
  }
}

TEST_CASE("input required: the rounds are bounded") {
  auto config = accepting;
  config.max_input_rounds = 2;
  SessionFixture fixture(config);
  fixture.become_modern();
  fixture.call("tools/call");
  fixture.receive_result(2, input_required(nullptr, "1"));
  fixture.receive_result(3, input_required(nullptr, "2"));
  CHECK(fixture.replies.empty());
  fixture.receive_result(4, input_required(nullptr, "3"));
  CHECK(fixture.replies ==
        Texts{"tools/call: limit: tools/call: the server still requires input after 2 rounds"});
}

TEST_CASE("input required: a call in its second round is cancelled by the id of its first") {
  SessionFixture fixture({.cancel_by_notification = true});
  fixture.become_modern();
  const auto id = fixture.call("tools/call");
  fixture.receive_result(2, input_required(nullptr, "1"));
  fixture.forget();
  fixture.session.cancel(id, "x");
  CHECK(fixture.sent_params()["requestId"] == 3);
  CHECK(fixture.abandoned == Texts{"3"});
  CHECK(fixture.session.pending() == 0);
}

TEST_CASE("input required: a call in its second round still gets its progress") {
  SessionFixture fixture(accepting);
  fixture.become_modern();
  int seen = 0;
  CallOptions options;
  options.on_progress = [&seen](const Notification&) { ++seen; };
  fixture.call("tools/call", nullptr, std::move(options));
  fixture.receive_result(2, input_required(nullptr, "1"));
  fixture.receive({{"jsonrpc", "2.0"},
                   {"method", "notifications/progress"},
                   {"params", {{"progressToken", 2}, {"progress", 1}}}});
  CHECK(seen == 1);
}
