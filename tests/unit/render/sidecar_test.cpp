#include "cli/render/sidecar/sidecar.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/version.hpp"

using namespace std::chrono_literals;
using nlohmann::json;
using probes::sidecar::CountSource;
using probes::sidecar::ProbeKind;
using probes::sidecar::Sign;
using probes::sidecar::State;
using probes::sidecar::Status;

namespace {

constexpr auto digest = "sha256:00";

mcp::TimePoint at(mcp::Duration time) {
  return mcp::TimePoint(1h) + time;
}

/// A legacy server that lost a session a minute ago, and has a tool more since.
Status degraded() {
  Status status;
  status.now = at(100s);
  status.target = "http://127.0.0.1:8080/mcp";
  status.peer = mcp::Peer{.revision = mcp::Revision::v2025_11_25, .name = "files", .version = "2"};
  status.started = at(0s);
  status.state = State::degraded;
  status.since = at(90s);
  status.reason = "3 probes failed: ping timed out after 5 s";
  status.ready = {.ok = false, .reason = status.reason};
  status.live = {.ok = true, .reason = ""};
  status.startup = {.ok = true, .reason = ""};
  status.failures_in_row = 3;
  status.last_sign = at(99s);
  status.recent = {{.kind = ProbeKind::handshake,
                    .sign = Sign::good,
                    .ended = at(30s),
                    .took = 12345us,
                    .reason = "2 tools listed"},
                   {.kind = ProbeKind::canary,
                    .sign = Sign::down,
                    .ended = at(99s),
                    .took = 5s,
                    .reason = "ping timed out after 5 s",
                    .hint = "look at it",
                    .failure = mcp::ErrorKind::timeout}};
  status.probes = {{{ProbeKind::handshake, Sign::good}, 1}, {{ProbeKind::canary, Sign::down}, 3}};
  status.operations[{"ping", "timeout"}].add(5s);
  status.phases["connect"].add(2ms);
  status.phases["connect"].add(40s);
  status.canary = {.held = true,
                   .since = at(40s),
                   .losses = {{"session-lost", 1}},
                   .last_loss = "session lost: HTTP 404",
                   .last_loss_at = at(40s)};
  status.surface = {.first_digest = "sha256:11",
                    .digest = digest,
                    .tools = 2,
                    .changed_at = at(30s),
                    .changes = 1,
                    .differing = {"+search"}};
  status.sessions = {.source = CountSource::sockets,
                     .active = 3,
                     .upper_bound = true,
                     .problem = "the scrape timed out"};
  return status;
}

cli::SidecarProcess process() {
  // 2026-11-21T07:00:00.250Z
  const std::chrono::system_clock::time_point now(1'795'244'400'250ms);
  return {.now = now, .started = now - 100s, .resident_bytes = 9'000'000};
}

}  // namespace

TEST_CASE("sidecar status: everything that is known, with the wall clock's times") {
  const auto text = cli::render_sidecar_status(degraded(), process());
  CHECK(text.ends_with("}\n"));
  CHECK(json::parse(text) ==
        json{{"schema_version", 1},
             {"state", "degraded"},
             {"reason", "3 probes failed: ping timed out after 5 s"},
             {"since", "2026-11-21T06:59:50.250Z"},
             {"for_seconds", 10.0},
             {"readyz", {{"ok", false}, {"reason", "3 probes failed: ping timed out after 5 s"}}},
             {"livez", {{"ok", true}, {"reason", nullptr}}},
             {"startupz", {{"ok", true}, {"reason", nullptr}}},
             {"failures_in_row", 3},
             {"last_sign", "2026-11-21T06:59:59.250Z"},
             {"target", "http://127.0.0.1:8080/mcp"},
             {"transport", "streamable-http"},
             {"era", "legacy"},
             {"revision", "2025-11-25"},
             {"server", {{"name", "files"}, {"version", "2"}}},
             {"sessions",
              {{"active", 3},
               {"source", "sockets"},
               {"upper_bound", true},
               {"problem", "the scrape timed out"}}},
             {"canary",
              {{"held", true},
               {"since", "2026-11-21T06:59:00.250Z"},
               {"last_sign", nullptr},
               {"losses", {{"session-lost", 1}}},
               {"last_loss", "session lost: HTTP 404"},
               {"last_loss_at", "2026-11-21T06:59:00.250Z"}}},
             {"surface",
              {{"tools", 2},
               {"drifted", true},
               {"changes", 1},
               {"changed_at", "2026-11-21T06:58:50.250Z"},
               {"differing", {"+search"}},
               {"first_digest", "sha256:11"},
               {"digest", digest}}},
             {"child", nullptr},
             {"drain_until", nullptr},
             {"probes",
              {{{"probe", "canary"}, {"sign", "down"}, {"count", 3}},
               {{"probe", "handshake"}, {"sign", "good"}, {"count", 1}}}},
             {"recent",
              {{{"time", "2026-11-21T06:59:59.250Z"},
                {"probe", "canary"},
                {"sign", "down"},
                {"millis", 5000.0},
                {"reason", "ping timed out after 5 s"},
                {"hint", "look at it"},
                {"failure", "timeout"}},
               {{"time", "2026-11-21T06:58:50.250Z"},
                {"probe", "handshake"},
                {"sign", "good"},
                {"millis", 12.345},
                {"reason", "2 tools listed"},
                {"hint", nullptr},
                {"failure", nullptr}}}},
             {"started", "2026-11-21T06:58:20.250Z"},
             {"time", "2026-11-21T07:00:00.250Z"},
             {"mcpctl", cli::version()}});
}

TEST_CASE("sidecar status: what a server calls itself cannot break out of the document") {
  Status status;
  status.peer = mcp::Peer{.name = "a\xff\"\n\u202e", .version = ""};
  status.child_pid = 7;
  status.drain_until = status.now + 25s;
  const auto text = cli::render_sidecar_status(status, process());
  const auto document = json::parse(text);
  CHECK(document["server"] == json{{"name", "a\ufffd\"\n\u202e"}, {"version", nullptr}});
  CHECK(text.find("\u202e") == std::string::npos);
  CHECK(document["child"] == json{{"pid", 7}, {"restarts", 0}});
  CHECK(document["drain_until"] == "2026-11-21T07:00:25.250Z");
  CHECK(document["surface"] == nullptr);
}

TEST_CASE("sidecar metrics: each family stands together, with its help, type and whole samples") {
  auto status = degraded();
  status.peer->name = "fi\"les\\\n";
  const auto text = cli::render_sidecar_metrics(status, process());
  const auto version = std::string(cli::version());
  CHECK(text ==
        R"(# HELP mcpctl_sidecar_state Where the server stands; one of these is 1
# TYPE mcpctl_sidecar_state gauge
mcpctl_sidecar_state{state="starting"} 0
mcpctl_sidecar_state{state="ready"} 0
mcpctl_sidecar_state{state="degraded"} 1
mcpctl_sidecar_state{state="draining"} 0
mcpctl_sidecar_state{state="stopped"} 0
# HELP mcpctl_sidecar_state_duration_seconds How long the state has lasted
# TYPE mcpctl_sidecar_state_duration_seconds gauge
mcpctl_sidecar_state_duration_seconds 10
# HELP mcpctl_sidecar_ready Whether /readyz passes
# TYPE mcpctl_sidecar_ready gauge
mcpctl_sidecar_ready 0
# HELP mcpctl_sidecar_live Whether /livez passes
# TYPE mcpctl_sidecar_live gauge
mcpctl_sidecar_live 1
# HELP mcpctl_sidecar_started Whether /startupz passes
# TYPE mcpctl_sidecar_started gauge
mcpctl_sidecar_started 1
# HELP mcpctl_sidecar_failures_in_row Bad and down probes since the last good one
# TYPE mcpctl_sidecar_failures_in_row gauge
mcpctl_sidecar_failures_in_row 3
# HELP mcpctl_sidecar_probes_total Probes that ended, by what they said
# TYPE mcpctl_sidecar_probes_total counter
mcpctl_sidecar_probes_total{probe="canary",sign="good"} 0
mcpctl_sidecar_probes_total{probe="canary",sign="bad"} 0
mcpctl_sidecar_probes_total{probe="canary",sign="down"} 3
mcpctl_sidecar_probes_total{probe="canary",sign="neutral"} 0
mcpctl_sidecar_probes_total{probe="handshake",sign="good"} 1
mcpctl_sidecar_probes_total{probe="handshake",sign="bad"} 0
mcpctl_sidecar_probes_total{probe="handshake",sign="down"} 0
mcpctl_sidecar_probes_total{probe="handshake",sign="neutral"} 0
# HELP mcpctl_sidecar_probe_duration_seconds Duration of full handshakes by phase
# TYPE mcpctl_sidecar_probe_duration_seconds histogram
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.001"} 0
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.0025"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.005"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.01"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.02"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.05"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.1"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.2"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="0.5"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="1"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="2"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="5"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="10"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="30"} 1
mcpctl_sidecar_probe_duration_seconds_bucket{phase="connect",le="+Inf"} 2
mcpctl_sidecar_probe_duration_seconds_sum{phase="connect"} 40.002
mcpctl_sidecar_probe_duration_seconds_count{phase="connect"} 2
# HELP mcp_client_operation_duration_seconds Duration of the sidecar's own requests until their answer
# TYPE mcp_client_operation_duration_seconds histogram
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.001"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.0025"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.005"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.01"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.02"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.05"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.1"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.2"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="0.5"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="1"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="2"} 0
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="5"} 1
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="10"} 1
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="30"} 1
mcp_client_operation_duration_seconds_bucket{mcp_method_name="ping",error_type="timeout",le="+Inf"} 1
mcp_client_operation_duration_seconds_sum{mcp_method_name="ping",error_type="timeout"} 5
mcp_client_operation_duration_seconds_count{mcp_method_name="ping",error_type="timeout"} 1
# HELP mcpctl_sidecar_canary_held Whether the canary is held
# TYPE mcpctl_sidecar_canary_held gauge
mcpctl_sidecar_canary_held 1
# HELP mcpctl_sidecar_canary_age_seconds How long the canary has been held
# TYPE mcpctl_sidecar_canary_age_seconds gauge
mcpctl_sidecar_canary_age_seconds 60
# HELP mcpctl_sidecar_canary_losses_total Canaries that died, by cause
# TYPE mcpctl_sidecar_canary_losses_total counter
mcpctl_sidecar_canary_losses_total{cause="exit"} 0
mcpctl_sidecar_canary_losses_total{cause="session-lost"} 1
mcpctl_sidecar_canary_losses_total{cause="stream-cut"} 0
# HELP mcpctl_sidecar_active_sessions Sessions that are active; with the source "sockets" an upper bound
# TYPE mcpctl_sidecar_active_sessions gauge
mcpctl_sidecar_active_sessions{source="sockets"} 3
# HELP mcpctl_sidecar_tools Tools that the server lists
# TYPE mcpctl_sidecar_tools gauge
mcpctl_sidecar_tools 2
# HELP mcpctl_sidecar_surface_drifted Whether the tools differ from those of the first handshake
# TYPE mcpctl_sidecar_surface_drifted gauge
mcpctl_sidecar_surface_drifted 1
# HELP mcpctl_sidecar_surface_changes_total Times that the tools changed
# TYPE mcpctl_sidecar_surface_changes_total counter
mcpctl_sidecar_surface_changes_total 1
# HELP mcpctl_sidecar_server_info The server that answered, as labels
# TYPE mcpctl_sidecar_server_info gauge
mcpctl_sidecar_server_info{transport="streamable-http",era="legacy",revision="2025-11-25",server_name="fi\"les\\\\n",server_version="2"} 1
# HELP mcpctl_build_info The version of mcpctl, as a label
# TYPE mcpctl_build_info gauge
mcpctl_build_info{version=")" +
            version +
            R"("} 1
# HELP process_start_time_seconds When the sidecar started, in seconds since 1970
# TYPE process_start_time_seconds gauge
process_start_time_seconds 1795244300.25
# HELP process_resident_memory_bytes Memory that the sidecar has in use
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 9000000
)");
}

TEST_CASE("sidecar metrics: what is not known yet has no sample") {
  const auto text = cli::render_sidecar_metrics({}, process());
  for (const char* name : {"active_sessions", "canary_age", "probe_duration", "operation_duration",
                           "sidecar_tools", "info{t"}) {
    CAPTURE(name);
    CHECK(text.find(name) == std::string::npos);
  }
  CHECK(text.find("mcpctl_sidecar_canary_losses_total{cause=\"exit\"} 0\n") != std::string::npos);
}

TEST_CASE("sidecar sessions: a number for a scaler, with its source") {
  CHECK(cli::render_sessions({.source = CountSource::proxy, .active = 3}) ==
        "{\"active\":3,\"source\":\"proxy\",\"upper_bound\":false}\n");
  CHECK(cli::render_sessions(degraded().sessions) ==
        "{\"active\":3,\"source\":\"sockets\",\"upper_bound\":true,"
        "\"problem\":\"the scrape timed out\"}\n");
  CHECK(cli::render_sessions({}) ==
        "{\"active\":null,\"source\":\"none\",\"upper_bound\":false}\n");
}

TEST_CASE("sidecar drain: how it ended") {
  CHECK(cli::render_drain({.drained = false,
                           .last = {.source = CountSource::proxy, .active = 2},
                           .cut = 2,
                           .took = 55s}) ==
        "{\"drained\":false,\"cut\":2,\"active\":2,\"source\":\"proxy\",\"took_seconds\":55.0}\n");
}

TEST_CASE("sidecar answers: a line, and with ?verbose what it was made from") {
  const auto status = degraded();
  CHECK(cli::render_answer(status.live) == "ok\n");
  CHECK(cli::render_answer(status.ready) == "3 probes failed: ping timed out after 5 s\n");
  CHECK(cli::render_answer(status.ready, status) ==
        "3 probes failed: ping timed out after 5 s\n"
        "state     degraded for 10 s: 3 probes failed: ping timed out after 5 s\n"
        "readyz    fails: 3 probes failed: ping timed out after 5 s\n"
        "livez     ok\n"
        "startupz  ok\n"
        "sign      1 s ago\n"
        "canary    held for 1m 00s; the last one died 1m 00s ago: session lost: HTTP 404\n"
        "sessions  at most 3 sessions active (established connections)\n");
  CHECK(cli::words_of({.source = CountSource::proxy, .active = 1}) ==
        "1 session active (counted by the proxy)");
  CHECK(cli::words_of({.problem = "the proxy is off"}) ==
        "how many sessions are active is not known: the proxy is off");
}
