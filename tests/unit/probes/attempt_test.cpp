#include "probes/health/attempt.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/probes/fake_access.hpp"

namespace {

using namespace std::chrono_literals;
using probes::Phase;
using probes::PhaseName;
using probes::PhaseStatus;
using Calls = std::vector<std::string>;
using Phases = std::vector<Phase>;

constexpr auto ok = PhaseStatus::ok;
constexpr auto failed = PhaseStatus::failed;
constexpr auto skipped = PhaseStatus::skipped;

probes::Observation attempt(FakeAccess& access, const probes::ProbeOptions& options = {},
                            mcp::Duration timeout = 5s) {
  return probes::Attempt(access, options, access.clock + timeout).run();
}

mcp::Error error_of(mcp::ErrorKind kind, const std::string& message) {
  return mcp::fail(kind, message).error();
}

}  // namespace

TEST_CASE("attempt: a healthy server goes through all phases, and its session is deleted") {
  FakeAccess access({healthy_script({"echo", "add"})});
  const auto seen = attempt(access);
  CHECK(seen.phases ==
        Phases{
            {PhaseName::resolve, ok, 1ms, ""},
            {PhaseName::connect, ok, 2ms, "127.0.0.1"},
            {PhaseName::handshake, ok, 7ms, "streamable-http, legacy era, 2025-06-18"},
            {PhaseName::tools, ok, 4ms, "2 tools, 1 page"},
            {PhaseName::close, ok, 1ms, "session deleted"},
        });
  CHECK(access.calls == Calls{"open", "list", "close"});
  CHECK(seen.residue == probes::Residue::removed);
  CHECK(seen.total == 15ms);
  CHECK_FALSE(seen.failure);
}

TEST_CASE("attempt: connecting is no part of the handshake's time") {
  auto script = healthy_script({"echo"});
  script.https = true;
  script.connection->tls = 5ms;
  script.connection->tls_subject = "CN=localhost";
  FakeAccess access({script});
  const auto seen = attempt(access, {.depth = probes::Depth::handshake});
  CHECK(seen.phases ==
        Phases{
            {PhaseName::resolve, ok, 1ms, ""},
            {PhaseName::connect, ok, 2ms, "127.0.0.1"},
            {PhaseName::tls, ok, 5ms, "CN=localhost"},
            {PhaseName::handshake, ok, 2ms, "streamable-http, legacy era, 2025-06-18"},
            {PhaseName::close, ok, 1ms, "session deleted"},
        });
}

TEST_CASE("attempt: a tool is called after the list when the depth says so") {
  FakeAccess access({healthy_script({"echo"})});
  const probes::ProbeOptions options{
      .depth = probes::Depth::call,
      .call = probes::ToolCall{.tool = "echo", .arguments = nlohmann::json{{"message", "hi"}}}};
  const auto seen = attempt(access, options);
  CHECK(access.calls == Calls{"open", "list", R"(call echo {"message":"hi"})", "close"});
  CHECK(*seen.find(PhaseName::call) == Phase{PhaseName::call, ok, 3ms, "echo"});
  CHECK(seen.call_result == mcp::Json(nlohmann::json{{"content", nlohmann::json::array()}}));
}

TEST_CASE("attempt: a refused connection fails its phase, and nothing is closed") {
  auto script = healthy_script({});
  script.connection.reset();
  script.open_time = 1ms;
  script.open = std::unexpected(error_of(mcp::ErrorKind::connect, "connection refused"));
  FakeAccess access({script});
  const auto seen = attempt(access);
  CHECK(seen.phases == Phases{
                           {PhaseName::resolve, ok, std::nullopt, ""},
                           {PhaseName::connect, failed, 1ms, "connection refused"},
                           {PhaseName::handshake, skipped, std::nullopt, ""},
                           {PhaseName::tools, skipped, std::nullopt, ""},
                           {PhaseName::close, skipped, std::nullopt, ""},
                       });
  CHECK(seen.failed == PhaseName::connect);
  CHECK(seen.residue == probes::Residue::none);
}

TEST_CASE("attempt: a server that accepts and stays silent fails the handshake, not the connect") {
  auto script = healthy_script({});
  script.open_time = 1h;
  FakeAccess access({script});
  const auto seen = attempt(access, {}, 1s);
  CHECK(*seen.find(PhaseName::connect) == Phase{PhaseName::connect, ok, 2ms, "127.0.0.1"});
  CHECK(*seen.find(PhaseName::handshake) ==
        Phase{PhaseName::handshake, failed, 897ms, "no answer"});
  CHECK(access.clock - access.start <= 1s);
}

TEST_CASE("attempt: time is kept for deleting the session of a server that hangs") {
  auto script = healthy_script({"echo"});
  script.list_time = 1h;
  script.close_time = 90ms;
  FakeAccess access({script});
  const auto seen = attempt(access, {}, 1s);
  CHECK(access.calls == Calls{"open", "list", "close"});
  CHECK(*seen.find(PhaseName::tools) == Phase{PhaseName::tools, failed, 890ms, "no answer"});
  CHECK(*seen.find(PhaseName::close) == Phase{PhaseName::close, ok, 90ms, "session deleted"});
  CHECK(access.clock - access.start <= 1s);
}

TEST_CASE("attempt: a session that cannot be deleted is told") {
  auto script = healthy_script({"echo"});
  script.close = std::unexpected(error_of(mcp::ErrorKind::http, "DELETE: HTTP 500"));
  FakeAccess access({script});
  const auto seen = attempt(access);
  CHECK(seen.residue == probes::Residue::left);
  CHECK(seen.close_problem == "DELETE: HTTP 500");
  CHECK(*seen.find(PhaseName::close) == Phase{PhaseName::close, failed, 1ms, "DELETE: HTTP 500"});
  CHECK_FALSE(seen.failure);
}

TEST_CASE("attempt: a session that the server lost is not said to be deleted") {
  auto script = healthy_script({"echo"});
  script.list = std::unexpected(error_of(mcp::ErrorKind::session_lost, "HTTP 404"));
  FakeAccess access({script});
  const auto seen = attempt(access);
  CHECK(seen.residue == probes::Residue::none);
  CHECK(*seen.find(PhaseName::close) == Phase{PhaseName::close, ok, 1ms, "the session was gone"});
}

TEST_CASE("attempt: a server without tools is not asked for a list") {
  auto script = healthy_script({});
  script.open = peer_with(R"({"prompts":{}})");
  FakeAccess access({script});
  const auto seen = attempt(access);
  CHECK(access.calls == Calls{"open", "close"});
  CHECK(*seen.find(PhaseName::tools) ==
        Phase{PhaseName::tools, skipped, std::nullopt, "not offered by the server"});
}

TEST_CASE("attempt: a stdio server has a spawn phase, and its child ends") {
  auto script = healthy_script({"echo"});
  script.transport = mcp::TransportKind::stdio;
  script.connection.reset();
  script.spawn = 3ms;
  script.session = false;
  FakeAccess access({script});
  const auto seen = attempt(access);
  CHECK(seen.phases == Phases{
                           {PhaseName::spawn, ok, 3ms, ""},
                           {PhaseName::handshake, ok, 7ms, "stdio, legacy era, 2025-06-18"},
                           {PhaseName::tools, ok, 4ms, "1 tool, 1 page"},
                           {PhaseName::close, ok, 1ms, "child ended"},
                       });
  CHECK(seen.residue == probes::Residue::removed);
}

TEST_CASE("attempt: a command that cannot be started fails to spawn") {
  auto script = healthy_script({});
  script.transport = mcp::TransportKind::stdio;
  script.connection.reset();
  script.open_time = 1ms;
  script.open = std::unexpected(error_of(mcp::ErrorKind::connect, "no such file"));
  FakeAccess access({script});
  const auto seen = attempt(access, {.depth = probes::Depth::handshake});
  CHECK(seen.phases == Phases{
                           {PhaseName::spawn, failed, 1ms, "no such file"},
                           {PhaseName::handshake, skipped, std::nullopt, ""},
                           {PhaseName::close, skipped, std::nullopt, ""},
                       });
}

TEST_CASE("attempt: depth tcp connects without TLS and sends nothing") {
  auto script = healthy_script({});
  script.https = true;
  FakeAccess access({script});
  const auto seen = attempt(access, {.depth = probes::Depth::tcp});
  CHECK(access.calls == Calls{"connect"});
  CHECK(seen.phases == Phases{
                           {PhaseName::resolve, ok, 1ms, ""},
                           {PhaseName::connect, ok, 2ms, "127.0.0.1"},
                       });
}

TEST_CASE("attempt: depth tls tells which phase of connecting failed") {
  auto script = healthy_script({});
  script.https = true;
  script.open_time = 9ms;
  script.open = std::unexpected(error_of(mcp::ErrorKind::tls, "certificate has expired"));
  FakeAccess access({script});
  const auto seen = attempt(access, {.depth = probes::Depth::tls});
  CHECK(seen.phases == Phases{
                           {PhaseName::resolve, ok, std::nullopt, ""},
                           {PhaseName::connect, ok, std::nullopt, ""},
                           {PhaseName::tls, failed, 9ms, "certificate has expired"},
                       });
}

TEST_CASE("attempt: a deadline while connecting fails the phase that it came in") {
  for (const auto& [told, name] :
       {std::pair{"resolve", PhaseName::resolve}, std::pair{"connect", PhaseName::connect},
        std::pair{"tls", PhaseName::tls}, std::pair{"", PhaseName::handshake}}) {
    CAPTURE(told);
    auto script = healthy_script({});
    script.https = true;
    script.connection.reset();
    auto error = error_of(mcp::ErrorKind::timeout, "timed out");
    error.phase = told;
    script.open = std::unexpected(error);
    FakeAccess access({script});
    const auto seen = attempt(access);
    CHECK(seen.failed == name);
    CHECK(*seen.find(name) == Phase{name, failed, 10ms, "timed out"});
  }
}
