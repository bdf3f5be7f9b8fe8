#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "cli/commands/probe_document.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::PhaseName;
using probes::ProbeReport;

double seconds(mcp::Duration time) {
  return std::chrono::duration<double>(time).count();
}

double unix_time(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

class Gauges {
 public:
  explicit Gauges(std::vector<Metric>& metrics) : metrics_(metrics) {}
  void add(std::string name, std::string help, double value, std::vector<Label> labels = {}) {
    metrics_.push_back({std::move(name), std::move(help), std::move(labels), value});
  }

 private:
  std::vector<Metric>& metrics_;
};

/// Names and meanings are those of blackbox_exporter's http prober, so that its dashboards work.
void add_http(Gauges& gauges, const ProbeReport& report) {
  const auto& http = report.seen.http;
  const auto* resolve = report.seen.find(PhaseName::resolve);
  if (resolve == nullptr) return;
  const auto lookup = resolve->time.value_or(mcp::Duration::zero());
  gauges.add("probe_dns_lookup_time_seconds", "Time taken to resolve the host name",
             seconds(lookup));
  const std::pair<const char*, mcp::Duration> phases[] = {
      {"resolve", std::max(http.resolve, lookup)},
      {"connect", http.connect},
      {"tls", http.tls},
      {"processing", http.processing},
      {"transfer", http.transfer},
  };
  for (const auto& [name, time] : phases)
    gauges.add("probe_http_duration_seconds",
               "Duration of HTTP exchanges by phase, summed over all of the probe", seconds(time),
               {{"phase", name}});
  const int status = report.seen.failure && report.seen.failure->http_status
                         ? *report.seen.failure->http_status
                         : report.seen.http.last_status;
  gauges.add("probe_http_status_code", "Status code of the last answer; 0 when there was none",
             status);
  gauges.add("probe_http_ssl", "Whether TLS was used for the connection",
             report.seen.find(PhaseName::tls) != nullptr ? 1 : 0);
  const auto& connection = report.seen.connection;
  if (!connection) return;
  if (!connection->http_version.empty())
    gauges.add("probe_http_version", "Version of HTTP of the answers",
               std::strtod(connection->http_version.c_str(), nullptr));
  const bool is_unix_socket = connection->peer_address.starts_with('/');
  if (!connection->peer_address.empty() && !is_unix_socket)
    gauges.add("probe_ip_protocol", "Whether the connection is over IP 4 or 6",
               connection->peer_address.starts_with('[') ? 6 : 4);
  if (connection->earliest_certificate_expiry)
    gauges.add("probe_ssl_earliest_cert_expiry",
               "When the first certificate of the chain expires, in seconds since 1970",
               unix_time(*connection->earliest_certificate_expiry));
}

void add_mcp(Gauges& gauges, const ProbeReport& report) {
  for (const auto& phase : report.seen.phases)
    if (phase.time)
      gauges.add("probe_mcp_duration_seconds", "Duration of the probe by phase",
                 seconds(*phase.time), {{"phase", std::string(to_string(phase.name))}});
  if (report.seen.tools) {
    gauges.add("probe_mcp_tools", "Number of tools that the server lists",
               static_cast<double>(report.seen.tools->items.size()));
    gauges.add("probe_mcp_tool_pages", "Number of pages of the tool list",
               static_cast<double>(report.seen.tools->pages));
  }
  for (const auto severity :
       {probes::Severity::error, probes::Severity::warning, probes::Severity::notice})
    gauges.add("probe_mcp_findings", "Number of findings by severity",
               static_cast<double>(
                   std::ranges::count(report.findings, severity, &probes::Finding::severity)),
               {{"severity", std::string(to_string(severity))}});
  gauges.add("probe_mcp_attempts", "Number of attempts that the probe made", report.attempts);
  gauges.add("probe_mcp_verdict", "What the probe came to, as a label", 1,
             {{"verdict", std::string(to_string(report.verdict))}});
  if (const auto& peer = report.seen.peer)
    gauges.add("probe_mcp_info", "The server that answered, as labels", 1,
               {{"transport", std::string(to_string(report.seen.transport))},
                {"era", std::string(to_string(peer->era()))},
                {"revision", std::string(to_string(peer->revision))},
                {"server_name", mcp::printable(peer->name.substr(0, 100))},
                {"server_version", mcp::printable(peer->version.substr(0, 40))}});
}

bool has_finding(const ProbeReport& report, std::string_view id) {
  return std::ranges::find(report.findings, id, &probes::Finding::id) != report.findings.end();
}

}  // namespace

void add_metrics(Document& document, const ProbeReport& report, const probes::ProbeOptions& options,
                 bool success) {
  Gauges gauges(document.metrics);
  gauges.add("probe_success", "Whether the probe was a success", success ? 1 : 0);
  gauges.add("probe_duration_seconds", "How long the probe took", seconds(report.total));
  gauges.add("probe_timeout_seconds", "How long the probe might have taken",
             seconds(report.timeout));
  add_http(gauges, report);
  if (options.call && options.call->text)
    gauges.add("probe_failed_due_to_regex", "Whether the text of the tool's result did not match",
               has_finding(report, "call.text") ? 1 : 0);
  add_mcp(gauges, report);
}

void add_perf(Document& document, const ProbeReport& report, const probes::ProbeOptions& options) {
  Perf total{.label = "time", .value = seconds(report.total), .unit = "s", .min = "0"};
  if (options.max_latency) total.crit = fmt::format("{:.6g}", seconds(*options.max_latency));
  total.max = fmt::format("{:.6g}", seconds(report.timeout));
  document.perf.push_back(std::move(total));
  for (const auto& phase : report.seen.phases)
    if (phase.time)
      document.perf.push_back({.label = "time_" + std::string(to_string(phase.name)),
                               .value = seconds(*phase.time),
                               .unit = "s",
                               .min = "0"});
  if (report.seen.tools) {
    Perf tools{.label = "tools",
               .value = static_cast<double>(report.seen.tools->items.size()),
               .min = "0"};
    // "N:" alerts below N (Monitoring Plugins guidelines, "Threshold and ranges").
    if (options.min_tools) tools.crit = fmt::format("{}:", *options.min_tools);
    document.perf.push_back(std::move(tools));
  }
  if (!report.seen.connection || !report.seen.connection->earliest_certificate_expiry) return;
  const auto left = *report.seen.connection->earliest_certificate_expiry - options.today;
  Perf days{.label = "certificate_days",
            .value = static_cast<double>(std::chrono::floor<std::chrono::days>(left).count())};
  if (options.cert_warn) days.warn = fmt::format("{}:", options.cert_warn->count());
  if (options.cert_crit) days.crit = fmt::format("{}:", options.cert_crit->count());
  document.perf.push_back(std::move(days));
}

}  // namespace cli
