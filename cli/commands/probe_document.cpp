#include "cli/commands/probe_document.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::PhaseName;
using probes::PhaseStatus;
using probes::ProbeReport;
using probes::Severity;
using probes::Verdict;

constexpr std::size_t longest_detail = 300;

ExitCode plain_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return ExitCode::ok;
    case Verdict::degraded:
      return ExitCode::warnings;
    case Verdict::unhealthy:
      return ExitCode::findings;
    case Verdict::needs_auth:
    case Verdict::denied:
      return ExitCode::auth;
    case Verdict::unreachable:
      return ExitCode::unreachable;
    case Verdict::unresponsive:
      return ExitCode::timeout;
    case Verdict::broken:
      return ExitCode::protocol;
    case Verdict::session_lost:
      return ExitCode::session_lost;
    case Verdict::misconfigured:
      return ExitCode::usage;
    case Verdict::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::findings;
}

RowStatus status_of(PhaseStatus status) {
  switch (status) {
    case PhaseStatus::ok:
      return RowStatus::ok;
    case PhaseStatus::failed:
      return RowStatus::failed;
    case PhaseStatus::skipped:
      return RowStatus::skipped;
  }
  return RowStatus::skipped;
}

RowStatus status_of(Severity severity) {
  switch (severity) {
    case Severity::notice:
      return RowStatus::notice;
    case Severity::warning:
      return RowStatus::warning;
    case Severity::error:
      return RowStatus::failed;
  }
  return RowStatus::failed;
}

/// One line of bounded length; a reason is made of a server's words, already escaped.
std::string line_of(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  if (text.size() <= longest_detail) return text;
  auto end = longest_detail;
  while ((static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string certificate_detail(const ProbeReport& report, const probes::ProbeOptions& options) {
  const auto& expiry = report.seen.connection->earliest_certificate_expiry;
  if (!expiry) return {};
  const auto days = std::chrono::floor<std::chrono::days>(*expiry - options.today).count();
  return fmt::format("expires {:%Y-%m-%d} (in {} days)",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(*expiry)), days);
}

std::vector<Row> phase_rows(const ProbeReport& report, const probes::ProbeOptions& options) {
  std::vector<Row> rows;
  for (const auto& phase : report.seen.phases) {
    Row row{.name = std::string(to_string(phase.name)),
            .status = status_of(phase.status),
            .time = phase.time,
            .detail = line_of(phase.detail)};
    if (phase.name == PhaseName::tls && phase.status == PhaseStatus::ok && report.seen.connection) {
      const auto expiry = certificate_detail(report, options);
      row.detail += (row.detail.empty() || expiry.empty() ? "" : ", ") + expiry;
    }
    if (phase.status == PhaseStatus::failed && phase.name == report.seen.failed)
      row.hint = line_of(report.hint);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// What was found, the worst first, and then what was looked at and is as it must be.
std::vector<Row> check_rows(const ProbeReport& report) {
  std::vector<Row> rows;
  for (const auto severity : {Severity::error, Severity::warning, Severity::notice})
    for (const auto& finding : report.findings)
      if (finding.severity == severity)
        rows.push_back({.name = finding.id,
                        .status = status_of(severity),
                        .detail = line_of(finding.message),
                        .hint = line_of(finding.hint)});
  for (const auto& id : report.passed) rows.push_back({.name = id});
  return rows;
}

Level level_of(ExitCode code) {
  switch (status(code, ExitStyle::nagios)) {
    case 0:
      return Level::ok;
    case 1:
      return Level::warning;
    case 2:
      return Level::critical;
    default:
      return Level::unknown;
  }
}

}  // namespace

ExitCode exit_code_of(const ProbeReport& report, const probes::ProbeOptions& options,
                      ExitStyle style) {
  if (report.verdict == Verdict::needs_auth &&
      options.protected_server == probes::ProtectedServer::passes)
    return ExitCode::ok;
  // grpc-health-probe exits with 2 also when the connection was not there in time.
  if (style == ExitStyle::grpc && report.verdict == Verdict::unresponsive &&
      report.seen.failed < PhaseName::handshake)
    return ExitCode::unreachable;
  return plain_code(report.verdict);
}

Document document_of(const ProbeReport& report, const probes::ProbeOptions& options,
                     ExitStyle style) {
  const auto code = exit_code_of(report, options, style);
  Document document{.subject = mcp::printable(report.target),
                    .verdict = std::string(to_string(report.verdict)),
                    .level = level_of(code),
                    .reason = line_of(report.reason),
                    .hint = line_of(report.hint),
                    .phases = phase_rows(report, options),
                    .checks = check_rows(report),
                    .total = report.total};
  if (report.attempts > 1) document.reason += fmt::format(" ({} attempts)", report.attempts);
  add_metrics(document, report, options, code == ExitCode::ok || code == ExitCode::warnings);
  add_perf(document, report, options);
  document.json = json_of(report, options, status(code, style));
  return document;
}

}  // namespace cli
