#include <doctest/doctest.h>

#include "tests/unit/server/exchange.hpp"

// The HTTP+SSE transport of 2024-11-05.

using namespace mcp::testserver;
using namespace std::chrono_literals;

namespace {

const mcp::HeaderList json_fields{{.name = "Content-Type", .value = "application/json"}};

constexpr auto* initialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05",)"
    R"("capabilities":{},"clientInfo":{"name":"test","version":"1"}}})";

}  // namespace

TEST_CASE("http+sse: the first event names the endpoint, answers come as events") {
  Exchange exchange(test_options());
  const auto stream = exchange.send("GET", "/sse");
  REQUIRE(stream->body.starts_with("event: endpoint\ndata: /messages?sessionId="));
  const auto endpoint = events(*stream).at(0);
  const auto accepted = exchange.send("POST", endpoint, json_fields, initialize);
  CHECK(accepted->status == 202);
  const auto answer = events(*stream).at(1);
  CHECK((*JsonView::parse(answer))["result"]["protocolVersion"].equals("2024-11-05"));
  exchange.send("POST", endpoint, json_fields, tools_call(1, "echo", R"({"text":"hi"})"));
  CHECK(events(*stream).at(2) ==
        R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hi"}]}})");
}

TEST_CASE("http+sse: requests before initialize are refused") {
  Exchange exchange(test_options());
  const auto stream = exchange.send("GET", "/sse");
  exchange.send("POST", events(*stream).at(0), json_fields,
                R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  CHECK((*JsonView::parse(events(*stream).at(1)))["error"]["code"].integer() == -32600);
}

TEST_CASE("http+sse: the session ends with its stream") {
  Exchange exchange(test_options());
  const auto stream = exchange.send("GET", "/sse");
  const auto endpoint = events(*stream).at(0);
  CHECK(exchange.service.metrics.sessions_active == 1);
  stream->disconnect();
  CHECK(exchange.service.metrics.sessions_active == 0);
  CHECK(exchange.send("POST", endpoint, json_fields, initialize)->status == 404);
}

TEST_CASE("http+sse: bad posts are refused") {
  Exchange exchange(test_options());
  const auto endpoint = events(*exchange.send("GET", "/sse")).at(0);
  CHECK(exchange.send("POST", "/messages", json_fields, initialize)->status == 400);
  CHECK(exchange.send("POST", "/messages?sessionId=x", json_fields, initialize)->status == 404);
  CHECK(exchange.send("POST", endpoint, {}, initialize)->status == 415);
  CHECK(exchange.send("POST", endpoint, json_fields, "{")->status == 400);
  CHECK(exchange.send("GET", endpoint)->status == 405);
}

TEST_CASE("http+sse: a drain ends the streams") {
  Exchange exchange(test_options());
  const auto stream = exchange.send("GET", "/sse");
  exchange.router.drain();
  CHECK(stream->finished);
}
