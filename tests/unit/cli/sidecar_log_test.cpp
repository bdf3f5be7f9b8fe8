#include "cli/commands/sidecar_log.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace std::chrono_literals;
using cli::SidecarLog;
using probes::sidecar::State;
using probes::sidecar::Status;

namespace {

SidecarLog::Wall seven_o_clock() {
  return SidecarLog::Wall(1'795'244'400s);  // 2026-11-21T07:00:00Z
}

/// What one call writes.
template <typename Call>
std::string line_of(SidecarLog::Format format, Call call) {
  std::ostringstream out;
  SidecarLog log(out, format, seven_o_clock);
  call(log);
  return out.str();
}

Status status_in(State state, mcp::Duration since, std::string reason) {
  Status status;
  status.state = state;
  status.since = mcp::TimePoint(since);
  status.reason = std::move(reason);
  return status;
}

}  // namespace

TEST_CASE("sidecar log: a change of state has its reason and how long the old one lasted") {
  const auto change = [](SidecarLog& log) {
    log.look(status_in(State::starting, 0s, "no probe has ended yet"));
    log.look(status_in(State::ready, 2s, "2 tools listed"));
    log.look(status_in(State::ready, 2s, "ping answered"));
    log.look(status_in(State::degraded, 32s, "ping timed out after 5 s"));
  };
  CHECK(line_of(SidecarLog::Format::text, change) ==
        "mcpctl: 2026-11-21T07:00:00Z ready: 2 tools listed (after 2 s starting)\n"
        "mcpctl: 2026-11-21T07:00:00Z degraded: ping timed out after 5 s (after 30 s ready)\n");
  CHECK(line_of(SidecarLog::Format::json, change) ==
        "{\"time\":\"2026-11-21T07:00:00Z\",\"event\":\"state\","
        "\"message\":\"ready: 2 tools listed (after 2 s starting)\",\"state\":\"ready\","
        "\"reason\":\"2 tools listed\",\"before\":\"starting\",\"before_seconds\":2.0}\n"
        "{\"time\":\"2026-11-21T07:00:00Z\",\"event\":\"state\","
        "\"message\":\"degraded: ping timed out after 5 s (after 30 s ready)\","
        "\"state\":\"degraded\",\"reason\":\"ping timed out after 5 s\",\"before\":\"ready\","
        "\"before_seconds\":30.0}\n");
}

TEST_CASE("sidecar log: a lost canary, other tools and a new child are told once each") {
  const auto text = line_of(SidecarLog::Format::text, [](SidecarLog& log) {
    auto status = status_in(State::ready, 0s, "ping answered");
    log.look(status);
    status.canary.losses = {{"session-lost", 1}};
    status.canary.last_loss = "session lost: HTTP 404";
    status.surface = {.first_digest = "a", .digest = "b", .changes = 1, .differing = {"+x", "-y"}};
    status.child_restarts = 1;
    log.look(status);
    log.look(status);
    status.surface = {.first_digest = "a", .digest = "a", .changes = 2};
    log.look(status);
  });
  CHECK(text ==
        "mcpctl: 2026-11-21T07:00:00Z canary lost: session lost: HTTP 404 (1 so far)\n"
        "mcpctl: 2026-11-21T07:00:00Z the tools differ from those of the first handshake: +x, -y\n"
        "mcpctl: 2026-11-21T07:00:00Z the server was started again (1 so far)\n"
        "mcpctl: 2026-11-21T07:00:00Z the tools are those of the first handshake again\n");
}

TEST_CASE("sidecar log: a drain tells what it waits for, and how many sessions it cut") {
  using probes::sidecar::CountSource;
  const auto text = line_of(SidecarLog::Format::text, [](SidecarLog& log) {
    auto status = status_in(State::ready, 0s, "ping answered");
    log.look(status);
    status = status_in(State::draining, 4s, "asked to drain");
    status.drain_until = status.since + 25s;
    status.sessions = {.source = CountSource::proxy, .active = 2};
    log.look(status);
    log.drained({.drained = true, .took = 3s});
    log.drained({.drained = false,
                 .last = {.source = CountSource::proxy, .active = 1},
                 .cut = 1,
                 .took = 25s});
    log.drained({.drained = false, .took = 25s});
  });
  CHECK(
      text ==
      "mcpctl: 2026-11-21T07:00:00Z draining: asked to drain, for at most 25 s; 2 sessions active "
      "(counted by the proxy) (after 4 s ready)\n"
      "mcpctl: 2026-11-21T07:00:00Z drained in 3 s: no session was cut\n"
      "mcpctl: 2026-11-21T07:00:00Z drain ended after 25 s: 1 session cut\n"
      "mcpctl: 2026-11-21T07:00:00Z drain ended after 25 s: how many sessions are active is not "
      "known\n");
}
