#include <doctest/doctest.h>

#include "mcp/session/era.hpp"
#include "tests/unit/session/session_fixture.hpp"

using namespace mcp;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json discover_result(const json& versions) {
  return {{"resultType", "complete"},
          {"supportedVersions", versions},
          {"capabilities", {{"tools", json::object()}}},
          {"instructions", "be kind"},
          {"_meta",
           {{"io.modelcontextprotocol/serverInfo",
             {{"name", "demo"}, {"title", "Demo"}, {"version", "2"}}}}}};
}

/// A session that has sent server/discover, which has been forgotten.
void start(SessionFixture& fixture) {
  fixture.session.discover(latest_modern, fixture.at(5s), fixture.peer_as("discover"));
  fixture.forget();
}

const json unsupported_data = {{"supported", {"2026-07-28"}}, {"requested", "2026-07-28"}};

}  // namespace

TEST_CASE("discover: the request carries version, client and capabilities") {
  SessionFixture fixture({.capabilities = {.roots = true, .sampling = true}});
  fixture.session.discover(latest_modern, fixture.at(5s), fixture.peer_as("discover"));
  const auto outgoing = fixture.take();
  CHECK(json::parse(encode(outgoing.message)) ==
        json{{"jsonrpc", "2.0"},
             {"id", 1},
             {"method", "server/discover"},
             {"params",
              {{"_meta",
                {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                 {"io.modelcontextprotocol/clientInfo", {{"name", "mcpctl"}, {"version", "1.2"}}},
                 {"io.modelcontextprotocol/clientCapabilities", {{"roots", json::object()}}}}}}}});
  CHECK(outgoing.headers ==
        HeaderList{{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "server/discover"}});
  CHECK(outgoing.deadline == fixture.at(5s));
}

TEST_CASE("discover: the answer is the peer, and no notification follows") {
  SessionFixture fixture;
  start(fixture);
  const auto result = discover_result({"2025-11-25", "2026-07-28"});
  fixture.receive_result(1, result);
  CHECK(fixture.replies == Texts{"discover: 2026-07-28"});
  CHECK(fixture.outbox.empty());
  CHECK(fixture.session.revision() == Revision::v2026_07_28);
  const auto& peer = fixture.last_peer;
  CHECK(peer.era() == Era::modern);
  CHECK(peer.name == "demo");
  CHECK(peer.title == "Demo");
  CHECK(peer.version == "2");
  CHECK(peer.instructions == "be kind");
  CHECK(*peer.capabilities == json{{"tools", json::object()}});
  CHECK(peer.supported_versions == std::vector<std::string>{"2025-11-25", "2026-07-28"});
  CHECK(*peer.raw == result);
}

TEST_CASE("discover: a server that names itself nowhere has no name") {
  SessionFixture fixture;
  start(fixture);
  fixture.receive_result(1,
                         {{"supportedVersions", {"2026-07-28"}}, {"capabilities", json::object()}});
  CHECK(fixture.replies == Texts{"discover: 2026-07-28"});
  CHECK(fixture.last_peer.name == "");
  CHECK(fixture.told.empty());
}

TEST_CASE("discover: a list without our modern revisions is an error that keeps the list") {
  SessionFixture fixture;
  start(fixture);
  fixture.receive_result(1, discover_result({"2025-11-25", "2025-06-18"}));
  CHECK(fixture.replies == Texts{"discover: protocol: server/discover: the server supports "
                                 "2025-11-25, 2025-06-18, not 2026-07-28"});
  CHECK(fixture.session.revision() == std::nullopt);
  CHECK(judge_discover_failure(fixture.last_error) == EraJudgement::fall_back_to_initialize);
  CHECK(legacy_offer(fixture.last_error) == Revision::v2025_11_25);
}

TEST_CASE("discover: an answer that is no DiscoverResult is a protocol error that quotes it") {
  SessionFixture fixture;
  start(fixture);
  fixture.receive_result(1, json::object());
  CHECK(fixture.replies == Texts{"discover: protocol: server/discover: the answer has no "
                                 "supportedVersions: \"{}\""});
  CHECK(judge_discover_failure(fixture.last_error) == EraJudgement::fall_back_to_initialize);
}

TEST_CASE("discover: an unsupported version is retried once with a version of the list") {
  SessionFixture fixture;
  start(fixture);
  fixture.receive_error(1, -32022, "no", unsupported_data);
  CHECK(fixture.replies.empty());
  const auto retry = fixture.take();
  CHECK(std::get<Request>(retry.message).id == RequestId(2));
  CHECK(std::get<Request>(retry.message).method == "server/discover");
  CHECK(retry.deadline == fixture.at(5s));
  fixture.receive_result(2, discover_result({"2026-07-28"}));
  CHECK(fixture.replies == Texts{"discover: 2026-07-28"});
}

TEST_CASE("discover: a second refusal is the answer") {
  SessionFixture fixture;
  start(fixture);
  fixture.receive_error(1, -32022, "no", unsupported_data);
  fixture.receive_error(2, -32022, "no", unsupported_data);
  CHECK(fixture.replies == Texts{"discover: rpc: server/discover: server answered -32022: no"});
  CHECK(judge_discover_failure(fixture.last_error) == EraJudgement::modern_error);
}

TEST_CASE("discover: a refusal that comes as HTTP 400 is retried as well") {
  SessionFixture fixture;
  start(fixture);
  Error error;
  error.kind = ErrorKind::http;
  error.http_status = 400;
  error.rpc_code = -32022;
  error.rpc_data = unsupported_data;
  fixture.session.fail_request(1, error);
  CHECK(fixture.replies.empty());
  CHECK(std::get<Request>(fixture.take().message).id == RequestId(2));
}

TEST_CASE("discover: a refusal that lists only legacy revisions is the answer") {
  SessionFixture fixture;
  start(fixture);
  fixture.receive_error(1, -32022, "no", {{"supported", {"2025-11-25"}}});
  CHECK(fixture.outbox.empty());
  CHECK(fixture.replies == Texts{"discover: rpc: server/discover: server answered -32022: no"});
  CHECK(judge_discover_failure(fixture.last_error) == EraJudgement::fall_back_to_initialize);
  CHECK(legacy_offer(fixture.last_error) == Revision::v2025_11_25);
}

TEST_CASE("discover: silence is not cancelled, since the server may be a legacy one") {
  SessionFixture fixture({.cancel_by_notification = true});
  start(fixture);
  fixture.session.expire(fixture.at(5s));
  CHECK(fixture.replies ==
        Texts{"discover: timeout: server/discover: no answer before the deadline"});
  CHECK(fixture.outbox.empty());
  CHECK(fixture.abandoned == Texts{"1"});
}

TEST_CASE("discover: initialize may follow from inside its reply") {
  SessionFixture fixture;
  fixture.session.discover(latest_modern, TimePoint::max(), [&fixture](const Result<Peer>& peer) {
    CHECK(!peer.has_value());
    fixture.session.reset();
    fixture.session.initialize(latest_legacy, TimePoint::max(), fixture.peer_as("initialize"));
  });
  fixture.forget();
  fixture.receive_error(1, -32601, "Method not found");
  CHECK(fixture.sent()["method"] == "initialize");
  fixture.receive_result(2, {{"protocolVersion", "2025-11-25"},
                             {"capabilities", json::object()},
                             {"serverInfo", {{"name", "s"}, {"version", "1"}}}});
  CHECK(fixture.replies == Texts{"initialize: 2025-11-25"});
}

TEST_CASE("session: after a fallback a server's requests are answered again") {
  SessionFixture fixture;
  start(fixture);
  fixture.receive_error(1, -32601, "Method not found");
  fixture.become_legacy();
  fixture.receive({{"jsonrpc", "2.0"}, {"id", 9}, {"method", "ping"}});
  CHECK(fixture.sent()["id"] == 9);
}
