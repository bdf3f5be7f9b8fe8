#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json initialize_result(const std::string& version) {
  return {{"protocolVersion", version},
          {"capabilities", {{"tools", json::object()}}},
          {"serverInfo", {{"name", "demo"}, {"title", "Demo"}, {"version", "2"}}},
          {"instructions", "be kind"}};
}

}  // namespace

TEST_CASE("initialize: the request offers the revision and names the client") {
  SessionFixture fixture;
  fixture.session.initialize(Revision::v2024_11_05, fixture.at(5s), fixture.peer_as("initialize"));
  const auto outgoing = fixture.take();
  CHECK(json::parse(encode(outgoing.message)) ==
        json{{"jsonrpc", "2.0"},
             {"id", 1},
             {"method", "initialize"},
             {"params",
              {{"protocolVersion", "2024-11-05"},
               {"capabilities", json::object()},
               {"clientInfo", {{"name", "mcpctl"}, {"version", "1.2"}}}}}});
  CHECK(outgoing.headers == HeaderList{});
  CHECK(outgoing.deadline == fixture.at(5s));
  CHECK(fixture.session.revision() == std::nullopt);
}

TEST_CASE("initialize: the capabilities of the configuration are declared") {
  SessionFixture fixture({.capabilities = {.roots = true, .sampling = true, .elicitation = true}});
  fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  CHECK(fixture.sent_params()["capabilities"] == json{{"roots", json::object()},
                                                      {"sampling", json::object()},
                                                      {"elicitation", {{"form", json::object()}}}});
}

TEST_CASE("initialize: the answer ends in the initialized notification and a peer") {
  SessionFixture fixture;
  fixture.session.initialize(latest_legacy, fixture.at(5s), fixture.peer_as("initialize"));
  fixture.forget();
  const auto result = initialize_result("2025-11-25");
  fixture.receive_result(1, result);
  const auto outgoing = fixture.take();
  CHECK(json::parse(encode(outgoing.message)) ==
        json{{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
  CHECK(outgoing.headers == HeaderList{{"MCP-Protocol-Version", "2025-11-25"}});
  CHECK(outgoing.deadline == fixture.at(5s));
  CHECK(fixture.replies == Texts{"initialize: 2025-11-25"});
  CHECK(fixture.session.revision() == Revision::v2025_11_25);
  const auto& peer = fixture.last_peer;
  CHECK(peer.era() == Era::legacy);
  CHECK(peer.name == "demo");
  CHECK(peer.title == "Demo");
  CHECK(peer.version == "2");
  CHECK(peer.instructions == "be kind");
  CHECK(*peer.capabilities == json{{"tools", json::object()}});
  CHECK(peer.supported_versions == std::vector<std::string>{"2025-11-25"});
  CHECK(*peer.raw == result);
  CHECK(fixture.told.empty());
}

TEST_CASE("initialize: every legacy revision of a counter-offer is accepted") {
  for (const std::string version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    CAPTURE(version);
    SessionFixture fixture;
    fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
    fixture.receive_result(1, initialize_result(version));
    CHECK(fixture.replies == Texts{"initialize: " + version});
    CHECK(fixture.session.revision() == parse_revision(version));
  }
}

TEST_CASE("initialize: a counter-offer that we do not speak is an error that names both") {
  for (const std::string version : {"2026-07-28", "2099-01-01", "1.0"}) {
    CAPTURE(version);
    SessionFixture fixture;
    fixture.session.initialize(Revision::v2025_06_18, TimePoint::max(),
                               fixture.peer_as("initialize"));
    fixture.forget();
    fixture.receive_result(1, initialize_result(version));
    CHECK(fixture.replies ==
          Texts{"initialize: protocol: initialize: the server answered protocol version \"" +
                version +
                "\" to the offer of 2025-06-18; this client speaks 2024-11-05 to 2025-11-25 after "
                "initialize"});
    CHECK(fixture.session.revision() == std::nullopt);
    CHECK(fixture.outbox.empty());
  }
}

TEST_CASE("initialize: an answer without a version is a protocol error that quotes it") {
  SessionFixture fixture;
  fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  fixture.receive_result(1, {{"ok", true}});
  CHECK(fixture.replies ==
        Texts{"initialize: protocol: initialize: the answer names no protocolVersion: "
              "\"{\"ok\":true}\""});
}

TEST_CASE("initialize: what a sloppy answer lacks is warned of") {
  SessionFixture fixture;
  fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  fixture.receive_result(1, {{"protocolVersion", "2025-03-26"}, {"serverInfo", "demo"}});
  CHECK(fixture.replies == Texts{"initialize: 2025-03-26"});
  CHECK(fixture.told == Texts{"warning initialize: the answer has no capabilities",
                              "warning initialize: the answer has no serverInfo"});
  CHECK(*fixture.last_peer.capabilities == json::object());
}

TEST_CASE("initialize: an error response keeps its code") {
  SessionFixture fixture;
  fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  fixture.receive_error(1, -32602, "Unsupported", {{"supported", {"2026-07-28"}}});
  CHECK(fixture.replies ==
        Texts{"initialize: rpc: initialize: server answered -32602: Unsupported"});
  CHECK(fixture.last_error.rpc_code == -32602);
}

TEST_CASE("initialize: silence ends at the deadline, and is not cancelled") {
  SessionFixture fixture;
  fixture.session.initialize(latest_legacy, fixture.at(5s), fixture.peer_as("initialize"));
  fixture.forget();
  CHECK(fixture.session.next_deadline() == fixture.at(5s));
  fixture.session.expire(fixture.at(4999ms));
  CHECK(fixture.replies.empty());
  fixture.session.expire(fixture.at(5s));
  CHECK(fixture.replies == Texts{"initialize: timeout: initialize: no answer before the deadline"});
  CHECK(fixture.outbox.empty());
  CHECK(fixture.abandoned == Texts{"1"});
}

TEST_CASE("initialize: requests carry the negotiated version in the header, none in the metadata") {
  SessionFixture fixture;
  fixture.become_legacy(Revision::v2025_06_18);
  fixture.call("tools/list", json::object());
  const auto outgoing = fixture.take();
  CHECK(outgoing.headers == HeaderList{{"MCP-Protocol-Version", "2025-06-18"}});
  CHECK(json::parse(encode(outgoing.message)) ==
        json{{"jsonrpc", "2.0"}, {"id", 2}, {"method", "tools/list"}, {"params", json::object()}});
}

TEST_CASE("initialize: trace context is in the metadata and in the headers") {
  SessionFixture fixture({.traceparent = "00-a-b-01"});
  fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  const auto outgoing = fixture.take();
  CHECK(outgoing.headers == HeaderList{{"traceparent", "00-a-b-01"}});
  CHECK(json::parse(encode(outgoing.message))["params"]["_meta"] ==
        json{{"traceparent", "00-a-b-01"}});
}
