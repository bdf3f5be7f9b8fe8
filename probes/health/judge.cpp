#include "probes/health/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mcp/auth/challenge.hpp"
#include "mcp/base/text.hpp"
#include "probes/health/checks.hpp"

namespace probes {
namespace {

constexpr int unauthorized = 401;

/// RFC 6750 section 3: up, and says how it wants to be asked.
bool is_protected(const mcp::Error& failure, const ProbeOptions& options) {
  return failure.kind == mcp::ErrorKind::auth && failure.http_status == unauthorized &&
         !options.credential_given && mcp::find_bearer_challenge(failure.challenge).has_value();
}

void run_checks(ProbeReport& report, const ProbeOptions& options) {
  for (const auto& check : health_checks()) {
    auto result = check.run(report.seen, options);
    if (!result) continue;
    if (result->empty()) report.passed.emplace_back(check.id);
    std::ranges::move(*result, std::back_inserter(report.findings));
  }
}

std::string server_name(const Observation& seen) {
  if (!seen.peer) return "the server";
  auto name = mcp::printable(seen.peer->name.substr(0, 100));
  if (name.empty()) return "the server";
  const auto version = mcp::printable(seen.peer->version.substr(0, 40));
  return version.empty() ? name : name + " " + version;
}

std::string reason_of_success(const Observation& seen) {
  const auto time = mcp::format_duration(seen.total);
  if (!seen.peer)
    return fmt::format("accepts {} connections, {}",
                       seen.find(PhaseName::tls) != nullptr ? "TLS" : "TCP", time);
  if (seen.call_result) return fmt::format("{} answers the call, {}", server_name(seen), time);
  if (seen.tools)
    return fmt::format("{} lists {} tool{}, {}", server_name(seen), seen.tools->items.size(),
                       seen.tools->items.size() == 1 ? "" : "s", time);
  return fmt::format("{} answers, {}", server_name(seen), time);
}

void explain_protection(ProbeReport& report) {
  const auto challenge = mcp::find_bearer_challenge(report.seen.failure->challenge);
  report.resource_metadata =
      mcp::printable(challenge->parameter("resource_metadata").value_or("").substr(0, 500));
  report.reason = "the server is up, and asks for a bearer token";
  report.hint = "give one with --token-file or --token-env";
  if (!report.resource_metadata.empty())
    report.hint += "; who issues them is told by " + report.resource_metadata;
}

/// What a refusing server says about the credential (RFC 6750 section 3.1).
void explain_refusal(ProbeReport& report) {
  const auto challenge = mcp::find_bearer_challenge(report.seen.failure->challenge);
  if (!challenge) return;
  for (const auto* name : {"error", "error_description", "scope"}) {
    const auto value = challenge->parameter(name);
    if (value)
      report.reason += fmt::format("; {}: {}", name, mcp::printable(value->substr(0, 200)));
  }
}

void explain_failure(ProbeReport& report) {
  const auto& failure = *report.seen.failure;
  report.reason = fmt::format("{}: {}", to_string(report.seen.failed), failure.message);
  report.hint = failure.hint;
  if (report.verdict == Verdict::needs_auth) explain_protection(report);
  if (report.verdict == Verdict::denied) explain_refusal(report);
  if (report.verdict == Verdict::unresponsive)
    report.reason += fmt::format(" (timeout {})", mcp::format_duration(report.timeout));
}

void explain_findings(ProbeReport& report, Severity severity) {
  const auto matches = [severity](const Finding& each) { return each.severity == severity; };
  const auto first = std::ranges::find_if(report.findings, matches);
  const auto others = std::ranges::count_if(report.findings, matches) - 1;
  report.reason = first->message;
  report.hint = first->hint;
  if (others > 0)
    report.reason +=
        fmt::format(" (and {} more {}{})", others, to_string(severity), others == 1 ? "" : "s");
}

}  // namespace

Verdict verdict_of(const mcp::Error& failure, const ProbeOptions& options) {
  using enum mcp::ErrorKind;
  switch (failure.kind) {
    case usage:
      return Verdict::misconfigured;
    case resolve:
    case connect:
    case tls:
      return Verdict::unreachable;
    case timeout:
      return Verdict::unresponsive;
    case auth:
      return is_protected(failure, options) ? Verdict::needs_auth : Verdict::denied;
    case session_lost:
      return Verdict::session_lost;
    case interrupted:
      return Verdict::interrupted;
    case tool_error:
    case empty:
    case drift:
      return Verdict::unhealthy;
    case http:
    case protocol:
    case rpc:
    case limit:
      return Verdict::broken;
  }
  return Verdict::broken;
}

ProbeReport judge(std::string target, Observation seen, const ProbeOptions& options) {
  ProbeReport report;
  report.target = std::move(target);
  report.seen = std::move(seen);
  report.total = report.seen.total;
  report.timeout = options.timeout;
  run_checks(report, options);
  if (report.seen.failure) {
    report.failure_kind = report.seen.failure->kind;
    report.verdict = verdict_of(*report.seen.failure, options);
    explain_failure(report);
    return report;
  }
  const auto has = [&](Severity severity) {
    return std::ranges::find(report.findings, severity, &Finding::severity) !=
           report.findings.end();
  };
  if (has(Severity::error)) {
    report.verdict = Verdict::unhealthy;
    explain_findings(report, Severity::error);
  } else if (has(Severity::warning)) {
    report.verdict = Verdict::degraded;
    explain_findings(report, Severity::warning);
  } else {
    report.reason = reason_of_success(report.seen);
  }
  return report;
}

}  // namespace probes
