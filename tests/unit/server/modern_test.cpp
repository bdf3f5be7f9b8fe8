#include <doctest/doctest.h>

#include "tests/unit/server/exchange.hpp"

// Streamable HTTP of the modern era, request by request.

using namespace mcp::testserver;
using mcp::FakeAnswer;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace {

struct Verdict {
  int status;
  std::int64_t code;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  return out << verdict.status << " with code " << verdict.code;
}

Verdict verdict(const AnswerPtr& answer) {
  const auto body = JsonView::parse(answer->body);
  return {answer->status, body ? (*body)["error"]["code"].integer().value_or(0) : -1};
}

JsonView result_of(const FakeAnswer& answer) {
  return (*JsonView::parse(answer.body))["result"];
}

TestServerOptions modern_only() {
  auto options = test_options();
  options.core.revisions = {mcp::Revision::v2026_07_28};
  return options;
}

}  // namespace

TEST_CASE("modern: discover names the versions and the server, and may be cached") {
  Exchange exchange(test_options());
  const auto answer = exchange.modern("server/discover");
  CHECK(answer->status == 200);
  const auto result = result_of(*answer);
  CHECK(result["resultType"].equals("complete"));
  CHECK(result["supportedVersions"].elements().front().equals("2026-07-28"));
  CHECK(result["capabilities"]["tools"].is_object());
  CHECK(result["ttlMs"].integer() == 0);
  CHECK(result["cacheScope"].equals("public"));
  CHECK(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"].equals("mcpctl-testserver"));
  CHECK(answer->find("Mcp-Session-Id") == nullptr);
}

TEST_CASE("modern: a request without what _meta must carry is refused with -32602 and 400") {
  Exchange exchange(test_options());
  const mcp::HeaderList fields{{.name = "MCP-Protocol-Version", .value = "2026-07-28"},
                               {.name = "Mcp-Method", .value = "tools/list"}};
  CHECK(verdict(exchange.post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", fields)) ==
        Verdict{400, -32602});
  CHECK(verdict(exchange.post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)"
                              R"("io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})",
                              fields)) == Verdict{400, -32602});
}

TEST_CASE("modern: fields that do not mirror the body are refused with -32020 and 400") {
  Exchange exchange(test_options());
  const Verdict mismatch{400, -32020};
  const auto with = [&](std::string name, std::string value) {
    return verdict(exchange.modern("tools/call", R"("name":"echo","arguments":{"text":"x"})",
                                   {{.name = std::move(name), .value = std::move(value)}}));
  };
  CHECK(with("X-Other", "1") == Verdict{200, 0});
  CHECK(with("MCP-Protocol-Version", "-") == mismatch);
  CHECK(with("MCP-Protocol-Version", "2025-11-25") == mismatch);
  CHECK(with("Mcp-Method", "-") == mismatch);
  CHECK(with("Mcp-Method", "Tools/Call") == mismatch);
  CHECK(with("Mcp-Name", "-") == mismatch);
  CHECK(with("Mcp-Name", "add") == mismatch);
  CHECK(with("Mcp-Name", "=?base64?ZWNobw==?=") == Verdict{200, 0});
  CHECK(with("Mcp-Name", "=?base64?!?=") == mismatch);
}

TEST_CASE("modern: annotated arguments have to be mirrored, null and absent ones not") {
  Exchange exchange(test_options());
  const auto call = [&](std::string_view arguments, mcp::HeaderList fields) {
    return verdict(exchange.modern("tools/call",
                                   R"("name":"headers","arguments":)" + std::string(arguments),
                                   std::move(fields)));
  };
  const Verdict mismatch{400, -32020};
  const Verdict ok{200, 0};
  CHECK(call(R"({"region":null,"query":"q"})", {}) == ok);
  CHECK(call(R"({"region":"eu"})", {}) == mismatch);
  CHECK(call(R"({"region":"eu"})", {{.name = "Mcp-Param-Region", .value = "eu"}}) == ok);
  CHECK(call(R"({"region":"eu"})", {{.name = "mcp-param-region", .value = "us"}}) == mismatch);
  CHECK(call(R"({"region":" ü"})", {{.name = "Mcp-Param-Region", .value = "=?base64?IMO8?="}}) ==
        ok);
  CHECK(call(R"({"priority":42})", {{.name = "Mcp-Param-Priority", .value = "42.0"}}) == ok);
  CHECK(call(R"({"dry_run":true})", {{.name = "Mcp-Param-Dry-Run", .value = "true"}}) == ok);
  CHECK(call(R"({"place":{"zone":"z"}})", {}) == mismatch);
  CHECK(call(R"({"place":{"zone":"z"}})", {{.name = "Mcp-Param-Zone", .value = "z"}}) == ok);
}

TEST_CASE("modern: another version is refused with -32022 and the supported ones") {
  Exchange exchange(test_options());
  const auto answer =
      exchange.post(R"({"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{)"
                    R"("io.modelcontextprotocol/protocolVersion":"2030-01-01",)"
                    R"("io.modelcontextprotocol/clientCapabilities":{}}}})",
                    {{.name = "MCP-Protocol-Version", .value = "2030-01-01"},
                     {.name = "Mcp-Method", .value = "server/discover"}});
  CHECK(verdict(answer) == Verdict{400, -32022});
  const auto data = (*JsonView::parse(answer->body))["error"]["data"];
  CHECK(data["supported"].elements().front().equals("2026-07-28"));
  CHECK(data["requested"].equals("2030-01-01"));
}

TEST_CASE("modern: an unknown method is -32601 with 404") {
  Exchange exchange(test_options());
  CHECK(verdict(exchange.modern("initialize")) == Verdict{404, -32601});
  CHECK(verdict(exchange.modern("ping")) == Verdict{404, -32601});
}

TEST_CASE("modern: a server of this era alone refuses what belongs to the other") {
  Exchange exchange(modern_only());
  CHECK(exchange.send("GET", "/mcp", {{.name = "Accept", .value = "text/event-stream"}})->status ==
        405);
  CHECK(exchange.send("DELETE", "/mcp")->status == 405);
  CHECK(exchange.send("GET", "/sse", {{.name = "Accept", .value = "text/event-stream"}})->status ==
        405);
  const auto answer = exchange.post(
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})");
  CHECK(verdict(answer) == Verdict{400, -32020});
  CHECK(answer->body.find("2026-07-28") != std::string::npos);
}

TEST_CASE("modern: a legacy server refuses a modern request as legacy servers do") {
  auto options = test_options();
  options.core.revisions = {mcp::Revision::v2025_11_25};
  Exchange exchange(options);
  CHECK(verdict(exchange.modern("server/discover")) == Verdict{400, -32000});
}

TEST_CASE("modern: ask gives an input request with a state, and takes the answer to it") {
  Exchange exchange(test_options());
  const auto ask = [&](const std::string& further) {
    return exchange.modern("tools/call", R"("name":"ask","arguments":{"rounds":2})" + further, {},
                           R"({"elicitation":{}})");
  };
  auto answer = ask("");
  for (int round = 0; round < 2; ++round) {
    const auto result = result_of(*answer);
    REQUIRE(result["resultType"].equals("input_required"));
    CHECK(result["inputRequests"]["answer"]["method"].equals("elicitation/create"));
    answer = ask(R"(,"requestState":)" + std::string(result["requestState"].raw()) +
                 R"(,"inputResponses":{"answer":{"action":"accept","content":{}}})");
  }
  CHECK(result_of(*answer)["resultType"].equals("complete"));
  CHECK(result_of(*answer)["content"].elements().front()["text"].equals(
      R"({"action":"accept","content":{}})"));
}

TEST_CASE("modern: a state that was tampered with, or is for another request, is refused") {
  Exchange exchange(test_options());
  const auto ask = [&](const std::string& arguments, const std::string& further) {
    return exchange.modern("tools/call", R"("name":"ask","arguments":)" + arguments + further, {},
                           R"({"elicitation":{}})");
  };
  const auto first = ask("{}", "");
  auto state = result_of(*first)["requestState"].string();
  const auto further = [](const std::string& text) {
    return R"(,"requestState":")" + text + R"(","inputResponses":{"answer":{}})";
  };
  CHECK(verdict(ask("{}", further(state))) == Verdict{200, 0});
  CHECK(verdict(ask(R"({"rounds":1})", further(state))) == Verdict{400, -32602});
  state[0] = '7';
  CHECK(verdict(ask("{}", further(state))) == Verdict{400, -32602});
}

TEST_CASE("modern: a missing answer is asked for again") {
  Exchange exchange(test_options());
  const auto first =
      exchange.modern("tools/call", R"("name":"ask","arguments":{})", {}, R"({"elicitation":{}})");
  const auto state = std::string(result_of(*first)["requestState"].raw());
  const auto again = exchange.modern(
      "tools/call", R"("name":"ask","arguments":{},"inputResponses":{},"requestState":)" + state,
      {}, R"({"elicitation":{}})");
  CHECK(result_of(*again)["resultType"].equals("input_required"));
}

TEST_CASE("modern: ask needs the capability, else -32021") {
  Exchange exchange(test_options());
  const auto answer = exchange.modern("tools/call", R"("name":"ask","arguments":{})");
  CHECK(verdict(answer) == Verdict{400, -32021});
  CHECK((*JsonView::parse(answer->body))["error"]["data"]["requiredCapabilities"]["elicitation"]
            .is_object());
}

TEST_CASE("modern: a subscription is acknowledged, served and ended gracefully") {
  Exchange exchange(test_options());
  const auto stream = exchange.modern(
      "subscriptions/listen",
      R"("notifications":{"toolsListChanged":true,"resourceSubscriptions":["test://pixel"]})");
  exchange.router.announce_all();
  exchange.router.drain();
  const auto messages = events(*stream);
  REQUIRE(messages.size() == 4);
  CHECK(messages[0] ==
        R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{)"
        R"("_meta":{"io.modelcontextprotocol/subscriptionId":1},"notifications":{)"
        R"("toolsListChanged":true,"resourceSubscriptions":["test://pixel"]}}})");
  CHECK(messages[1] == R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{)"
                       R"("_meta":{"io.modelcontextprotocol/subscriptionId":1}}})");
  CHECK(messages[2] ==
        R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{)"
        R"("_meta":{"io.modelcontextprotocol/subscriptionId":1},"uri":"test://pixel"}})");
  CHECK(messages[3] == R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",)"
                       R"("_meta":{"io.modelcontextprotocol/subscriptionId":1}}})");
  CHECK(stream->finished);
}

TEST_CASE("modern: closing the connection cancels the call") {
  Exchange exchange(test_options());
  const auto call = exchange.modern("tools/call", R"("name":"slow","arguments":{"ms":100})");
  CHECK(call->streaming);
  call->disconnect();
  CHECK(exchange.service.metrics.cancellations == 1);
  CHECK(exchange.service.metrics.streams_open == 0);
  CHECK(exchange.loop.next_timer() == mcp::TimePoint::max());
}

TEST_CASE("modern: log messages come only to requests that ask for them") {
  Exchange exchange(test_options());
  const auto logs = [&](std::string_view further_meta) {
    const auto call =
        exchange.post(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow",)"
                      R"("arguments":{"ms":10,"steps":1},"_meta":{)"
                      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                      R"("io.modelcontextprotocol/clientCapabilities":{})" +
                          std::string(further_meta) + "}}}",
                      {{.name = "MCP-Protocol-Version", .value = "2026-07-28"},
                       {.name = "Mcp-Method", .value = "tools/call"},
                       {.name = "Mcp-Name", .value = "slow"}});
    exchange.loop.advance(10ms);
    return call->status == 200 ? static_cast<int>(events(*call).size()) - 1 : call->status;
  };
  CHECK(logs("") == 0);
  CHECK(logs(R"(,"io.modelcontextprotocol/logLevel":"info")") == 1);
  CHECK(logs(R"(,"io.modelcontextprotocol/logLevel":"loud")") == 400);
}

TEST_CASE("modern: a resource that is not there is -32602, in the legacy era -32002") {
  Exchange exchange(test_options());
  CHECK(verdict(exchange.modern("resources/read", R"("uri":"test://none")")).code == -32602);
  CHECK(
      verdict(exchange.call(exchange.open(), R"({"jsonrpc":"2.0","id":1,"method":"resources/read",)"
                                             R"("params":{"uri":"test://none"}})"))
          .code == -32002);
}
