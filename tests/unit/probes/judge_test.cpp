#include "probes/health/judge.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "tests/unit/probes/fake_access.hpp"

namespace {

using namespace std::chrono_literals;
using mcp::ErrorKind;
using probes::Observation;
using probes::PhaseName;
using probes::Verdict;

Observation healthy() {
  Observation seen;
  seen.phases = {{.name = PhaseName::tools, .status = probes::PhaseStatus::ok, .time = 4ms}};
  seen.peer = peer_with(R"({"tools":{}})");
  seen.tools.emplace();
  seen.tools->items = {tool_named("echo"), tool_named("add")};
  seen.total = 15ms;
  return seen;
}

Observation failed(ErrorKind kind, PhaseName phase, const std::string& message) {
  Observation seen;
  seen.phases = {{.name = phase, .status = probes::PhaseStatus::failed}};
  seen.failed = phase;
  seen.failure = mcp::fail(kind, message, "what to do").error();
  return seen;
}

Observation refused(int status, const std::string& challenge) {
  auto seen = failed(ErrorKind::auth, PhaseName::handshake, "HTTP " + std::to_string(status));
  seen.failure->http_status = status;
  seen.failure->challenge = challenge;
  return seen;
}

constexpr auto challenge =
    R"(Bearer resource_metadata="https://x/.well-known/oauth-protected-resource")";

}  // namespace

TEST_CASE("judge: each kind of failure has its verdict") {
  const std::map<ErrorKind, Verdict> expected = {
      {ErrorKind::usage, Verdict::misconfigured},
      {ErrorKind::resolve, Verdict::unreachable},
      {ErrorKind::connect, Verdict::unreachable},
      {ErrorKind::tls, Verdict::unreachable},
      {ErrorKind::timeout, Verdict::unresponsive},
      {ErrorKind::http, Verdict::broken},
      {ErrorKind::auth, Verdict::denied},
      {ErrorKind::protocol, Verdict::broken},
      {ErrorKind::rpc, Verdict::broken},
      {ErrorKind::limit, Verdict::broken},
      {ErrorKind::session_lost, Verdict::session_lost},
      {ErrorKind::tool_error, Verdict::unhealthy},
      {ErrorKind::empty, Verdict::unhealthy},
      {ErrorKind::drift, Verdict::unhealthy},
      {ErrorKind::interrupted, Verdict::interrupted},
  };
  for (const auto& [kind, verdict] : expected) {
    CAPTURE(to_string(kind));
    CHECK(judge("x", failed(kind, PhaseName::tools, "why"), {}).verdict == verdict);
  }
}

TEST_CASE("judge: a failure is told with its phase and what to do") {
  const auto report = judge("x", failed(ErrorKind::connect, PhaseName::connect, "refused"), {});
  CHECK(report.reason == "connect: refused");
  CHECK(report.hint == "what to do");
  CHECK(report.failure_kind == ErrorKind::connect);
}

TEST_CASE("judge: a deadline is told with the time that there was") {
  const auto report =
      judge("x", failed(ErrorKind::timeout, PhaseName::tools, "timed out"), {.timeout = 900ms});
  CHECK(report.reason == "tools: timed out (timeout 900 ms)");
}

TEST_CASE("judge: a healthy server is told by name, tools and time") {
  const auto report = judge("x", healthy(), {});
  CHECK(report.verdict == Verdict::ok);
  CHECK(report.reason == "everything 1.0.0 lists 2 tools, 15 ms");
  CHECK(std::ranges::count(report.passed, "tools.duplicate") == 1);
}

TEST_CASE("judge: one finding of severity error is enough to be unhealthy") {
  auto seen = healthy();
  seen.tools->items.push_back(tool_named("echo"));
  const auto report = judge("x", std::move(seen), {.min_tools = 9});
  CHECK(report.verdict == Verdict::unhealthy);
  CHECK(report.reason == "3 tools are listed, and at least 9 are required (and 1 more error)");
  CHECK(report.findings.size() == 2);
}

TEST_CASE("judge: warnings alone are degraded") {
  auto seen = healthy();
  seen.warnings = {"odd"};
  const auto report = judge("x", std::move(seen), {});
  CHECK(report.verdict == Verdict::degraded);
  CHECK(report.reason == "odd");
}

TEST_CASE("judge: 401 with a Bearer challenge and no credential is protected") {
  const auto report = judge("x", refused(401, challenge), {});
  CHECK(report.verdict == Verdict::needs_auth);
  CHECK(report.reason == "the server is up, and asks for a bearer token");
  CHECK(report.resource_metadata == "https://x/.well-known/oauth-protected-resource");
  CHECK(report.hint ==
        "give one with --token-file or --token-env; who issues them is told by "
        "https://x/.well-known/oauth-protected-resource");
}

TEST_CASE("judge: 401 with a credential is denied, and says what the server says") {
  const auto report =
      judge("x", refused(401, R"(Bearer error="invalid_token", error_description="expired")"),
            {.credential_given = true});
  CHECK(report.verdict == Verdict::denied);
  CHECK(report.reason == "handshake: HTTP 401; error: invalid_token; error_description: expired");
}

TEST_CASE("judge: 401 without a challenge, and 403 with one, are denied") {
  CHECK(judge("x", refused(401, ""), {}).verdict == Verdict::denied);
  CHECK(judge("x", refused(401, "Basic realm=\"x\""), {}).verdict == Verdict::denied);
  CHECK(judge("x", refused(403, challenge), {}).verdict == Verdict::denied);
}

TEST_CASE("judge: what was reached before a failure is judged too") {
  auto seen = failed(ErrorKind::timeout, PhaseName::close, "silence");
  seen.warnings = {"odd"};
  const auto report = judge("x", std::move(seen), {});
  CHECK(report.verdict == Verdict::unresponsive);
  CHECK(report.findings.size() == 1);
}

TEST_CASE("judge: a server's name reaches no terminal as it is") {
  auto seen = healthy();
  seen.peer->name = "\x1b[2J" + std::string(1000, 'x');
  const auto report = judge("x", std::move(seen), {});
  CHECK(report.reason.find('\x1b') == std::string::npos);
  CHECK(report.reason.size() < 200);
}
