#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mcp/io/http_server.hpp"
#include "scenarios/connection_port.hpp"
#include "scenarios/plan.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// An MCP server of both eras that keeps what it was sent.
class Recorder final : public mcp::HttpHandler {
 public:
  struct Seen {
    std::vector<std::string> fields;
    json body;
  };
  std::vector<Seen> calls;
  std::string type = "application/json";

  void on_request(const mcp::HttpServerRequest& request,
                  std::unique_ptr<mcp::HttpResponder> responder) override {
    const auto body = json::parse(request.body, nullptr, false);
    if (body.is_discarded() || !body.contains("id")) return responder->respond(202, {}, "");
    const auto method = body.at("method").get<std::string>();
    if (method == "tools/call") keep(request, body);
    const json answer = {{"jsonrpc", "2.0"}, {"id", body.at("id")}, {"result", result_of(method)}};
    mcp::HeaderList fields = {{"Content-Type", type}};
    if (method == "initialize") fields.push_back({"Mcp-Session-Id", "session-1"});
    const bool as_event = type == "text/event-stream";
    responder->respond(
        200, fields,
        as_event ? "id: 1\ndata:\n\nevent: message\nid: 2\ndata: " + answer.dump() + "\n\n"
                 : answer.dump());
  }

 private:
  void keep(const mcp::HttpServerRequest& request, const json& body) {
    Seen seen{.fields = {}, .body = body};
    for (const auto& [name, value] : request.headers) {
      const bool depends_on_id = name == "Content-Length";
      seen.fields.push_back(std::string(name) + ": " + (depends_on_id ? "" : std::string(value)));
    }
    calls.push_back(std::move(seen));
  }
  static json result_of(const std::string& method) {
    if (method == "initialize") {
      return {{"protocolVersion", "2025-11-25"},
              {"capabilities", {{"tools", json::object()}}},
              {"serverInfo", {{"name", "recorder"}, {"version", "1"}}}};
    }
    if (method == "server/discover") {
      return {{"resultType", "complete"},
              {"supportedVersions", {"2026-07-28"}},
              {"capabilities", {{"tools", json::object()}}}};
    }
    return {{"content", json::array({{{"type", "text"}, {"text", "hi"}}})},
            {"isError", false},
            {"resultType", "complete"}};
  }
};

struct Silent final : PortObserver {
  void on_connection(mcp::TimePoint /*at*/, bool again) override { reconnects += again ? 1 : 0; }
  void on_cut(const Cut& /*cut*/) override {}
  void on_stray(mcp::TimePoint /*at*/, Failure /*kind*/, std::optional<StepId> /*step*/) override {}
  void on_server_request(mcp::TimePoint /*at*/) override {}
  int reconnects = 0;
};

/// One agent's port, and the server that hears it, on one loop.
struct Fixture {
  explicit Fixture(mcp::Era era) : loop(mcp::make_lean_loop()) {
    server = mcp::make_http_server(*loop, {}, heard).value();
    options.client.protocol.era = era;
    options.endpoint.name = "recorder";
    options.endpoint.transport = mcp::TransportChoice::streamable_http;
    options.endpoint.url =
        mcp::parse_url("http://127.0.0.1:" + std::to_string(server->port()) + "/mcp").value();
    options.endpoint.headers = {{"X-Team", "load"}, {"Authorization", "Bearer secret"}};
    options.endpoint.http.user_agent = "test/1";
    port = std::make_unique<ConnectionPort>(*loop, options, AgentId{3}, observer);
    bool open = false;
    port->connect(loop->now() + 5s, [&](const Outcome& outcome) {
      CHECK(!outcome.failure);
      open = true;
    });
    turn_until([&] { return open; });
  }
  template <typename Done>
  void turn_until(Done done) {
    const auto end = mcp::Clock::now() + 5s;
    while (!done()) {
      loop->turn(loop->now() + 100ms);
      REQUIRE(mcp::Clock::now() < end);
    }
  }
  void call(const Request* request, bool is_fixed, const std::string& text) {
    bool over = false;
    const mcp::schema::Value arguments(mcp::schema::Value::Object{
        {"id", mcp::schema::Value(std::string("\"id\":7,"))}, {"text", mcp::schema::Value(text)}});
    port->send({.id = 1,
                .target = "echo",
                .arguments = arguments,
                .deadline = loop->now() + 5s,
                .request = request,
                .is_fixed = is_fixed,
                .wants_result = true},
               [&](const Outcome& outcome) {
                 CHECK(!outcome.failure);
                 CHECK(outcome.ended >= outcome.started);
                 REQUIRE(outcome.result != nullptr);
                 CHECK((**outcome.result)["content"][0]["text"] == "hi");
                 over = true;
               });
    turn_until([&] { return over; });
  }

  Recorder heard;
  Silent observer;
  std::unique_ptr<mcp::Loop> loop;
  std::unique_ptr<mcp::HttpServer> server;
  ConnectionPortOptions options;
  std::unique_ptr<ConnectionPort> port;
};

/// All ids are different; the rest must be the same.
void check_same(const std::vector<Recorder::Seen>& calls, std::size_t one, std::size_t other) {
  auto left = calls.at(one);
  auto right = calls.at(other);
  CHECK(left.body["id"] != right.body["id"]);
  left.body.erase("id");
  right.body.erase("id");
  CHECK(left.body == right.body);
  CHECK(left.fields == right.fields);
}

}  // namespace

TEST_CASE("load: a prepared call is, but for its id, the one that the client library sends") {
  for (const auto era : {mcp::Era::legacy, mcp::Era::modern}) {
    for (const auto* type : {"application/json", "text/event-stream"}) {
      CAPTURE(std::string(to_string(era)));
      CAPTURE(std::string(type));
      Fixture fixture(era);
      fixture.heard.type = type;
      const Request fixed;
      const Request changing;
      fixture.call(nullptr, false, "a");  // 0: by the library
      fixture.call(&fixed, true, "a");    // 1: by the library, and learnt
      for (int i = 0; i < 12; ++i) fixture.call(&fixed, true, "a");
      fixture.call(&changing, false, "long before, so that lengths change");  // 14
      fixture.call(&changing, false, "a");
      fixture.call(&changing, false, "ä \"quoted\" text that is longer than ever before");
      fixture.call(nullptr, false, "ä \"quoted\" text that is longer than ever before");
      const auto& calls = fixture.heard.calls;
      REQUIRE(calls.size() == 18);
      for (std::size_t i = 1; i < 14; ++i) check_same(calls, 0, i);
      check_same(calls, 0, 15);
      check_same(calls, 16, 17);
      CHECK(calls[13].body["id"].get<std::int64_t>() > request_id(3, 0));
      CHECK(fixture.options.spare_calls.size() == 1);  // prepared calls were sent, one at a time
    }
  }
}

}  // namespace scenarios
