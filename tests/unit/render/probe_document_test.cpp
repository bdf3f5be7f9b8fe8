#include "cli/commands/probe_document.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/render/format.hpp"
#include "probes/health/judge.hpp"

namespace {

using namespace std::chrono_literals;
using cli::ExitCode;
using cli::ExitStyle;
using cli::json_of;
using probes::PhaseName;
using probes::PhaseStatus;

const std::chrono::system_clock::time_point today = std::chrono::sys_days(2026y / 1 / 10);

/// As a server over TLS would be seen, with a certificate that expires soon.
probes::Observation healthy() {
  probes::Observation seen;
  seen.phases = {
      {PhaseName::resolve, PhaseStatus::ok, 1ms, ""},
      {PhaseName::connect, PhaseStatus::ok, 2ms, "127.0.0.1:443"},
      {PhaseName::tls, PhaseStatus::ok, 3ms, "CN=x"},
      {PhaseName::handshake, PhaseStatus::ok, 4ms, "streamable-http"},
      {PhaseName::tools, PhaseStatus::ok, 5ms, "1 tool, 1 page"},
      {PhaseName::close, PhaseStatus::ok, 1500us, "session deleted"},
  };
  seen.peer.emplace();
  seen.peer->revision = mcp::Revision::v2025_06_18;
  seen.peer->name = "every\"thing";
  seen.peer->version = "1.0";
  seen.tools.emplace();
  seen.tools->items.emplace_back(
      nlohmann::json{{"name", "a"}, {"inputSchema", {{"type", "object"}}}});
  seen.tools->pages = 1;
  seen.connection = mcp::HttpTimings{.resolve = 1ms,
                                     .connect = 2ms,
                                     .tls = 3ms,
                                     .first_byte = 3ms,
                                     .new_connection = true,
                                     .peer_address = "127.0.0.1:443",
                                     .http_version = "1.1",
                                     .status = 200,
                                     .earliest_certificate_expiry = today + 240h,
                                     .tls_subject = "CN=x"};
  seen.http.add(*seen.connection);
  seen.residue = probes::Residue::removed;
  seen.total = 16500us;
  return seen;
}

probes::Observation failed(mcp::ErrorKind kind, PhaseName phase) {
  probes::Observation seen;
  seen.phases = {{phase, PhaseStatus::failed, 1ms, "why"}};
  seen.failed = phase;
  seen.failure = mcp::fail(kind, "why").error();
  return seen;
}

probes::ProbeOptions options() {
  return {.min_tools = 1, .max_latency = 500ms, .today = today};
}

}  // namespace

TEST_CASE("probe document: text of a server whose certificate expires soon") {
  const auto report = judge("https://x/mcp", healthy(), options());
  CHECK(cli::render_text(std::array{document_of(report, options(), ExitStyle::plain)}, {}) ==
        R"(DEGRADED https://x/mcp: a certificate of the chain expires in 10 days
  renew the certificate, and reload what serves it

  resolve        1 ms
  connect        2 ms  127.0.0.1:443
  tls            3 ms  CN=x, expires 2026-01-20 (in 10 days)
  handshake      4 ms  streamable-http
  tools          5 ms  1 tool, 1 page
  close        1.5 ms  session deleted
  total       16.5 ms
)");
}

TEST_CASE("probe document: nagios has thresholds where options give them") {
  const auto report = judge("https://x/mcp", healthy(), options());
  CHECK(cli::render_nagios(std::array{document_of(report, options(), ExitStyle::nagios)}, {}) ==
        "MCP WARNING - a certificate of the chain expires in 10 days | "
        "time=0.0165s;;0.5;0;5 time_resolve=0.001s;;;0 time_connect=0.002s;;;0 "
        "time_tls=0.003s;;;0 time_handshake=0.004s;;;0 time_tools=0.005s;;;0 "
        "time_close=0.0015s;;;0 tools=1;;1:;0 "
        "certificate_days=10;14:\n"
        "renew the certificate, and reload what serves it\n"
        "certificate.expiry: a certificate of the chain expires in 10 days\n");
}

TEST_CASE("probe document: the JSON form, whole") {
  const auto report = judge("https://x/mcp", healthy(), options());
  const auto expected = nlohmann::json::parse(R"({
    "schema_version": 1, "target": "https://x/mcp", "verdict": "degraded",
    "reason": "a certificate of the chain expires in 10 days",
    "hint": "renew the certificate, and reload what serves it",
    "exit_code": 0, "time": "2026-01-10T00:00:00Z",
    "transport": "streamable-http", "era": "legacy", "revision": "2025-06-18",
    "server": {"name": "every\"thing", "version": "1.0"},
    "phases": [
      {"name": "resolve", "millis": 1.0, "status": "ok", "detail": ""},
      {"name": "connect", "millis": 2.0, "status": "ok", "detail": "127.0.0.1:443"},
      {"name": "tls", "millis": 3.0, "status": "ok", "detail": "CN=x"},
      {"name": "handshake", "millis": 4.0, "status": "ok", "detail": "streamable-http"},
      {"name": "tools", "millis": 5.0, "status": "ok", "detail": "1 tool, 1 page"},
      {"name": "close", "millis": 1.5, "status": "ok", "detail": "session deleted"}],
    "tools": {"count": 1, "pages": 1},
    "findings": [{"id": "certificate.expiry", "severity": "warning",
      "message": "a certificate of the chain expires in 10 days",
      "hint": "renew the certificate, and reload what serves it"}],
    "failure": null,
    "http": {"version": "1.1", "peer_address": "127.0.0.1:443", "connections": 1, "exchanges": 1},
    "certificate": {"subject": "CN=x", "expires": "2026-01-20T00:00:00Z", "days_left": 10},
    "session": "removed", "resource_metadata": null, "attempts": 1,
    "total_millis": 16.5, "timeout_millis": 5000.0})");
  CHECK(nlohmann::json::parse(json_of(report, options(), 0)) == expected);
}

TEST_CASE("probe document: the JSON form of a failure tells its class") {
  auto seen = failed(mcp::ErrorKind::rpc, PhaseName::tools);
  seen.failure->rpc_code = -32601;
  const auto json =
      nlohmann::json::parse(json_of(judge("x", std::move(seen), options()), options(), 4));
  CHECK(json["failure"] ==
        nlohmann::json{
            {"kind", "rpc"}, {"phase", "tools"}, {"http_status", nullptr}, {"rpc_code", -32601}});
  CHECK(json["exit_code"] == 4);
  CHECK(json["tools"] == nullptr);
}

TEST_CASE("probe document: JSON is ASCII, whatever a server is called") {
  auto seen = healthy();
  seen.peer->name = "\u202e\x1b[2Jn\xff";
  const auto json = json_of(judge("x", std::move(seen), options()), options(), 0);
  CHECK(std::ranges::all_of(
      json, [](char letter) { return letter == '\n' || (letter >= ' ' && letter <= '~'); }));
}

TEST_CASE("probe document: prometheus has blackbox_exporter's names and those of MCP") {
  const auto report = judge("https://x/mcp", healthy(), options());
  const auto text =
      cli::render_prometheus(std::array{document_of(report, options(), ExitStyle::plain)}, {});
  for (const auto* line : {
           "probe_success{target=\"https://x/mcp\"} 1\n",
           "probe_duration_seconds{target=\"https://x/mcp\"} 0.0165\n",
           "probe_timeout_seconds{target=\"https://x/mcp\"} 5\n",
           "probe_dns_lookup_time_seconds{target=\"https://x/mcp\"} 0.001\n",
           "probe_http_duration_seconds{target=\"https://x/mcp\",phase=\"processing\"} 0.003\n",
           "probe_http_status_code{target=\"https://x/mcp\"} 200\n",
           "probe_http_ssl{target=\"https://x/mcp\"} 1\n",
           "probe_http_version{target=\"https://x/mcp\"} 1.1\n",
           "probe_ip_protocol{target=\"https://x/mcp\"} 4\n",
           "probe_ssl_earliest_cert_expiry{target=\"https://x/mcp\"} 1768867200\n",
           "probe_mcp_duration_seconds{target=\"https://x/mcp\",phase=\"handshake\"} 0.004\n",
           "probe_mcp_tools{target=\"https://x/mcp\"} 1\n",
           "probe_mcp_verdict{target=\"https://x/mcp\",verdict=\"degraded\"} 1\n",
           "probe_mcp_info{target=\"https://x/mcp\",transport=\"streamable-http\",era=\"legacy\","
           "revision=\"2025-06-18\",server_name=\"every\\\"thing\",server_version=\"1.0\"} 1\n",
       }) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("probe document: each format stays under 4 KiB for a server that is all wrong") {
  auto seen = healthy();
  seen.peer->name = std::string(10'000, 'n');
  seen.tools->items.clear();
  for (int index = 0; index < 1000; ++index)
    seen.tools->items.emplace_back(nlohmann::json{{"name", std::string(1000, 't')}});
  seen.warnings.assign(5, std::string(10'000, 'w'));
  seen.residue = probes::Residue::left;
  seen.close_problem = std::string(10'000, 'c');
  auto wanted = options();
  wanted.require_tools.assign(100, std::string(100, 'r'));
  const auto document =
      document_of(judge("https://x/mcp", std::move(seen), wanted), wanted, ExitStyle::plain);
  for (const auto* name : {"text", "nagios", "github"}) {
    CAPTURE(name);
    CHECK(cli::find_format(name)->render(std::array{document}, {}).size() < 4096);
  }
}

TEST_CASE("exit codes: each verdict has its class") {
  const auto code = [](mcp::ErrorKind kind) {
    return exit_code_of(judge("x", failed(kind, PhaseName::handshake), {}), {}, ExitStyle::plain);
  };
  CHECK(code(mcp::ErrorKind::usage) == ExitCode::usage);
  CHECK(code(mcp::ErrorKind::resolve) == ExitCode::unreachable);
  CHECK(code(mcp::ErrorKind::auth) == ExitCode::auth);
  CHECK(code(mcp::ErrorKind::timeout) == ExitCode::timeout);
  CHECK(code(mcp::ErrorKind::http) == ExitCode::protocol);
  CHECK(code(mcp::ErrorKind::session_lost) == ExitCode::session_lost);
  CHECK(code(mcp::ErrorKind::interrupted) == ExitCode::interrupted);
  CHECK(exit_code_of(judge("x", healthy(), options()), options(), ExitStyle::plain) ==
        ExitCode::warnings);
}

TEST_CASE("exit codes: grpc counts a connection that is late as not connected") {
  const auto connect = judge("x", failed(mcp::ErrorKind::timeout, PhaseName::connect), {});
  const auto call = judge("x", failed(mcp::ErrorKind::timeout, PhaseName::tools), {});
  CHECK(exit_code_of(connect, {}, ExitStyle::grpc) == ExitCode::unreachable);
  CHECK(exit_code_of(connect, {}, ExitStyle::plain) == ExitCode::timeout);
  CHECK(exit_code_of(call, {}, ExitStyle::grpc) == ExitCode::timeout);
}

TEST_CASE("exit codes: a protected server passes when that is all that was asked") {
  auto seen = failed(mcp::ErrorKind::auth, PhaseName::handshake);
  seen.failure->http_status = 401;
  seen.failure->challenge = "Bearer";
  const auto report = judge("x", std::move(seen), {});
  CHECK(exit_code_of(report, {}, ExitStyle::k8s) == ExitCode::auth);
  const probes::ProbeOptions lenient{.protected_server = probes::ProtectedServer::passes};
  CHECK(exit_code_of(report, lenient, ExitStyle::k8s) == ExitCode::ok);
  CHECK(document_of(report, lenient, ExitStyle::plain).level == cli::Level::ok);
}
