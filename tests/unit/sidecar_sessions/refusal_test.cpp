#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/unit/sidecar_sessions/passing.hpp"

using namespace probes::sidecar;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// Cuts as a relay does: the end of each request is told at once.
class CuttingRelay final : public mcp::HttpRelay {
 public:
  explicit CuttingRelay(SessionGate& gate) : gate_(gate) {}
  std::uint16_t port() const override { return 0; }
  std::size_t connections() const override { return 0; }
  void cut(std::uint64_t id) override {
    cut_ids.push_back(id);
    gate_.on_end(id);
  }
  std::vector<std::uint64_t> cut_ids;

 private:
  SessionGate& gate_;
};

std::string header_of(const mcp::RelayVerdict& verdict, std::string_view name) {
  for (const auto& header : verdict.headers) {
    if (header.name == name) return header.value;
  }
  return "none";
}

}  // namespace

TEST_CASE("session gate: while it refuses, initialize is answered 503 with its id") {
  Passing passing;
  passing.gate.refuse_new();
  CHECK(passing.ask("POST", {}, initialize_body) == 0);
  CHECK(passing.verdict.status == 503);
  CHECK(header_of(passing.verdict, "Retry-After") == "1");
  CHECK(header_of(passing.verdict, "Connection") == "close");
  CHECK(header_of(passing.verdict, "Content-Type") == "application/json");
  const auto body = json::parse(passing.verdict.body);
  CHECK(body["id"] == 7);
  CHECK(body["jsonrpc"] == "2.0");
  CHECK(body["error"]["code"] == -32000);
  CHECK(body["error"]["message"].get<std::string>().find("no new sessions") != std::string::npos);
  CHECK(passing.active() == 0);
}

TEST_CASE("session gate: a batch with initialize is refused as a batch") {
  Passing passing;
  passing.gate.refuse_new();
  const auto* const batch =
      R"([{"jsonrpc":"2.0","method":"notifications/x"},
          {"jsonrpc":"2.0","id":"a","method":"initialize"},
          {"jsonrpc":"2.0","id":2,"method":"tools/list"}])";
  CHECK(passing.ask("POST", {}, batch) == 0);
  const auto body = json::parse(passing.verdict.body);
  REQUIRE(body.size() == 2);
  CHECK(body[0]["id"] == "a");
  CHECK(body[1]["id"] == 2);
}

TEST_CASE("session gate: while it refuses, new streams are refused") {
  Passing passing;
  passing.gate.refuse_new();
  CHECK(passing.ask("GET", wants_stream, {}, "/sse") == 0);
  CHECK(passing.verdict.status == 503);
  CHECK(header_of(passing.verdict, "Content-Type") == "text/plain; charset=utf-8");
  const auto* const listen = R"({"jsonrpc":"2.0","id":3,"method":"subscriptions/listen"})";
  CHECK(passing.ask("POST", {{"Mcp-Method", "subscriptions/listen"}}, listen) == 0);
  CHECK(json::parse(passing.verdict.body)["id"] == 3);
}

TEST_CASE("session gate: while it refuses, everything of an old session passes") {
  Passing passing;
  passing.initialize("a");
  passing.gate.refuse_new();
  const Fields session = {{"Mcp-Session-Id", "a"}, {"Accept", "text/event-stream"}};
  CHECK(passing.ask("POST", session) != 0);
  CHECK(passing.ask("GET", session) != 0);
  CHECK(passing.ask("DELETE", session) != 0);
  CHECK(passing.ask("POST", {{"Mcp-Method", "tools/call"}}, "{}") != 0);
  CHECK(passing.ask("POST", {}, R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})") != 0);
  CHECK(passing.ask("POST", {}, "no JSON at all") != 0);
  CHECK(passing.ask("GET", {}, {}, "/healthz") != 0);
}

TEST_CASE("session gate: while it refuses, a session that has just begun is active") {
  Passing passing({.settling = 3s});
  const auto under_way = passing.ask("POST", {}, initialize_body);
  const auto stream = passing.ask("GET", wants_stream);
  passing.initialize("begun");
  CHECK(passing.active() == 0);
  passing.gate.refuse_new();
  CHECK(passing.active() == 3);
  passing.end(stream);
  passing.answer(under_way, 200, {{"Mcp-Session-Id", "next"}});
  passing.end(under_way);
  CHECK(passing.active() == 2);
  passing.loop.advance(1s);
  passing.call("begun");
  passing.loop.advance(2s);
  CHECK(passing.active() == 1);  // "next" was asked nothing
  passing.exchange("DELETE", {{"Mcp-Session-Id", "begun"}}, 200);
  CHECK(passing.active() == 0);
}

TEST_CASE("session gate: cutting ends what is open, and says how many sessions that were") {
  Passing passing;
  CuttingRelay relay(passing.gate);
  passing.gate.attach(&relay);
  passing.call("resting");
  const auto first = passing.ask("POST", {{"Mcp-Session-Id", "busy"}});
  const auto second = passing.ask("GET", {{"Mcp-Session-Id", "busy"}});
  const auto stream = passing.ask("GET", wants_stream);
  passing.answer(stream, 200, event_stream);
  passing.ask("GET", {}, {}, "/healthz");
  CHECK(passing.active() == 3);
  CHECK(passing.gate.cut_all() == 3);
  std::ranges::sort(relay.cut_ids);
  CHECK(relay.cut_ids == std::vector<std::uint64_t>{first, second, stream});
  CHECK(passing.active() == 0);
}
