#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/commands/probe_document.hpp"
#include "cli/utc_time.hpp"

namespace cli {
namespace {

// Members keep the order in which they are written here.
using OrderedJson = nlohmann::ordered_json;
using probes::ProbeReport;

/// With a resolution of a microsecond: more digits would be noise.
OrderedJson millis(const std::optional<mcp::Duration>& time) {
  if (!time) return nullptr;
  return std::round(std::chrono::duration<double, std::micro>(*time).count()) / 1000.0;
}

OrderedJson text_or_null(const std::string& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

OrderedJson server_of(const ProbeReport& report) {
  const auto& peer = report.seen.peer;
  if (!peer) return nullptr;
  return {{"name", text_or_null(peer->name.substr(0, 200))},
          {"version", text_or_null(peer->version.substr(0, 200))}};
}

OrderedJson phases_of(const ProbeReport& report) {
  auto phases = OrderedJson::array();
  for (const auto& phase : report.seen.phases)
    phases.push_back({{"name", to_string(phase.name)},
                      {"millis", millis(phase.time)},
                      {"status", to_string(phase.status)},
                      {"detail", phase.detail}});
  return phases;
}

OrderedJson findings_of(const ProbeReport& report) {
  auto findings = OrderedJson::array();
  for (const auto& finding : report.findings)
    findings.push_back({{"id", finding.id},
                        {"severity", to_string(finding.severity)},
                        {"message", finding.message},
                        {"hint", text_or_null(finding.hint)}});
  return findings;
}

OrderedJson failure_of(const ProbeReport& report) {
  const auto& failure = report.seen.failure;
  if (!failure) return nullptr;
  OrderedJson json = {{"kind", to_string(failure->kind)}, {"phase", nullptr}};
  // Without phases the probe was not made at all.
  if (!report.seen.phases.empty()) json["phase"] = to_string(report.seen.failed);
  json["http_status"] = failure->http_status ? OrderedJson(*failure->http_status) : nullptr;
  json["rpc_code"] = failure->rpc_code ? OrderedJson(*failure->rpc_code) : nullptr;
  return json;
}

OrderedJson http_of(const ProbeReport& report) {
  const auto& connection = report.seen.connection;
  if (!connection) return nullptr;
  return {{"version", text_or_null(connection->http_version)},
          {"peer_address", text_or_null(connection->peer_address)},
          {"connections", report.seen.http.connections},
          {"exchanges", report.seen.http.exchanges}};
}

OrderedJson certificate_of(const ProbeReport& report, const probes::ProbeOptions& options) {
  const auto& connection = report.seen.connection;
  if (!connection || !connection->earliest_certificate_expiry) return nullptr;
  const auto left = *connection->earliest_certificate_expiry - options.today;
  return {{"subject", text_or_null(connection->tls_subject.substr(0, 300))},
          {"expires", utc_time(*connection->earliest_certificate_expiry)},
          {"days_left", std::chrono::floor<std::chrono::days>(left).count()}};
}

}  // namespace

std::string json_of(const ProbeReport& report, const probes::ProbeOptions& options,
                    int exit_status) {
  const auto& seen = report.seen;
  OrderedJson json = {{"schema_version", 1},
                      {"target", report.target},
                      {"verdict", to_string(report.verdict)},
                      {"reason", report.reason},
                      {"hint", text_or_null(report.hint)},
                      {"exit_code", exit_status},
                      {"time", utc_time(options.today)},
                      {"transport", to_string(seen.transport)}};
  json["era"] = seen.peer ? OrderedJson(to_string(seen.peer->era())) : nullptr;
  json["revision"] = seen.peer ? OrderedJson(to_string(seen.peer->revision)) : nullptr;
  json["server"] = server_of(report);
  json["phases"] = phases_of(report);
  json["tools"] = nullptr;
  if (seen.tools)
    json["tools"] = {{"count", seen.tools->items.size()}, {"pages", seen.tools->pages}};
  json["findings"] = findings_of(report);
  json["failure"] = failure_of(report);
  json["http"] = http_of(report);
  json["certificate"] = certificate_of(report, options);
  json["session"] = to_string(seen.residue);
  json["resource_metadata"] = text_or_null(report.resource_metadata);
  json["attempts"] = report.attempts;
  json["total_millis"] = millis(report.total);
  json["timeout_millis"] = millis(report.timeout);
  // ASCII only: what a server sent must not steer a terminal that shows this.
  return json.dump(2, ' ', true, OrderedJson::error_handler_t::replace);
}

}  // namespace cli
