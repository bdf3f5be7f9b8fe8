#include "probes/health/checks.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"

namespace probes {
namespace {

constexpr std::array all_checks = {
    Check{"capability.missing", check_capabilities},
    Check{"tools.empty", check_tools_empty},
    Check{"tools.too-few", check_tools_count},
    Check{"tools.missing", check_tools_required},
    Check{"tools.duplicate", check_tools_unique},
    Check{"tools.invalid", check_tools_valid},
    Check{"tools.rejected", check_tools_rejected},
    Check{"call.error", check_call_result},
    Check{"call.expectation", check_call_expectations},
    Check{"call.text", check_call_text},
    Check{"certificate.expiry", check_certificate},
    Check{"latency.exceeded", check_latency},
    Check{"server.warning", check_warnings},
    Check{"session.left", check_residue},
};

bool has_path(const nlohmann::json& capabilities, std::string_view path) {
  const auto* value = &capabilities;
  while (true) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    const auto member = value->is_object() ? value->find(name) : value->end();
    if (member == value->end()) return false;
    value = &*member;
    // A capability that is declared as false is not there ("listChanged": false).
    if (dot == std::string_view::npos) return !value->is_boolean() || value->get<bool>();
    path.remove_prefix(dot + 1);
  }
}

std::string declared(const nlohmann::json& capabilities) {
  std::string names;
  if (!capabilities.is_object() || capabilities.empty()) return "none";
  for (const auto& [name, value] : capabilities.items())
    names += (names.empty() ? "" : ", ") + mcp::printable(name);
  return names.size() > 200 ? names.substr(0, 200) + "…" : names;
}

std::string first_line(const std::string& text) {
  return mcp::quoted(text.substr(0, text.find('\n')), 160);
}

}  // namespace

std::span<const Check> health_checks() {
  return all_checks;
}

CheckResult check_capabilities(const Observation& seen, const ProbeOptions& options) {
  if (!seen.peer || options.require_capabilities.empty()) return std::nullopt;
  std::vector<Finding> findings;
  const auto& capabilities = *seen.peer->capabilities;
  for (const auto& name : options.require_capabilities) {
    if (has_path(capabilities, name)) continue;
    findings.push_back({.id = "capability.missing",
                        .message = fmt::format("capability {} is required, and not declared",
                                               mcp::printable(name)),
                        .hint = "declared: " + declared(capabilities)});
  }
  return findings;
}

CheckResult check_call_result(const Observation& seen, const ProbeOptions&) {
  if (!seen.call_result) return std::nullopt;
  const auto& result = **seen.call_result;
  const auto flag = result.is_object() ? result.find("isError") : result.end();
  if (flag == result.end() || !flag->is_boolean() || !flag->get<bool>())
    return std::vector<Finding>{};
  const auto text = text_of_result(*seen.call_result);
  return std::vector<Finding>{
      {.id = "call.error",
       .message = "the tool answered with an error" + (text.empty() ? "" : ": " + first_line(text)),
       .hint = {}}};
}

CheckResult check_call_expectations(const Observation& seen, const ProbeOptions& options) {
  if (!seen.call_result || options.call->expectations.empty()) return std::nullopt;
  std::vector<Finding> findings;
  for (const auto& expectation : options.call->expectations) {
    auto mismatch = expectation.mismatch(*seen.call_result);
    if (!mismatch.empty())
      findings.push_back({.id = "call.expectation",
                          .message = "the result has at " + std::move(mismatch),
                          .hint = {}});
  }
  return findings;
}

CheckResult check_call_text(const Observation& seen, const ProbeOptions& options) {
  if (!seen.call_result || !options.call->text) return std::nullopt;
  const auto text = text_of_result(*seen.call_result);
  if (options.call->text->matches(text)) return std::vector<Finding>{};
  const bool cut = text.size() > TextPattern::searched_bytes;
  return std::vector<Finding>{
      {.id = "call.text",
       .message = fmt::format("the result's text does not match {}: {}",
                              mcp::quoted(options.call->text->pattern(), 80), first_line(text)),
       .hint = cut ? "only the first 64 KiB of the text were searched" : ""}};
}

CheckResult check_certificate(const Observation& seen, const ProbeOptions& options) {
  if (!seen.connection || !seen.connection->earliest_certificate_expiry) return std::nullopt;
  if (!options.cert_warn && !options.cert_crit) return std::nullopt;
  const auto left = *seen.connection->earliest_certificate_expiry - options.today;
  const auto days = std::chrono::floor<std::chrono::days>(left);
  const bool critical = options.cert_crit && left <= *options.cert_crit;
  const bool warning = options.cert_warn && left <= *options.cert_warn;
  if (!critical && !warning) return std::vector<Finding>{};
  const auto message =
      left.count() < 0
          ? fmt::format("a certificate of the chain has expired {} days ago", -days.count())
          : fmt::format("a certificate of the chain expires in {} days", days.count());
  return std::vector<Finding>{{.id = "certificate.expiry",
                               .severity = critical ? Severity::error : Severity::warning,
                               .message = message,
                               .hint = "renew the certificate, and reload what serves it"}};
}

CheckResult check_latency(const Observation& seen, const ProbeOptions& options) {
  if (!options.max_latency || seen.failure) return std::nullopt;
  if (seen.total <= *options.max_latency) return std::vector<Finding>{};
  const auto* slowest = &seen.phases.front();
  for (const auto& phase : seen.phases)
    if (phase.time.value_or(mcp::Duration::zero()) > slowest->time.value_or(mcp::Duration::zero()))
      slowest = &phase;
  return std::vector<Finding>{
      {.id = "latency.exceeded",
       .message = fmt::format("took {}, and {} is allowed", mcp::format_duration(seen.total),
                              mcp::format_duration(*options.max_latency)),
       .hint = fmt::format("most of it went into {} ({})", to_string(slowest->name),
                           mcp::format_duration(slowest->time.value_or(mcp::Duration::zero())))}};
}

CheckResult check_warnings(const Observation& seen, const ProbeOptions&) {
  if (!seen.peer && seen.warnings.empty()) return std::nullopt;
  std::vector<Finding> findings;
  findings.reserve(seen.warnings.size());
  for (const auto& warning : seen.warnings)
    findings.push_back({.id = "server.warning",
                        .severity = Severity::warning,
                        .message = warning.substr(0, 300),
                        .hint = {}});
  return findings;
}

CheckResult check_residue(const Observation& seen, const ProbeOptions&) {
  if (seen.residue == Residue::none) return std::nullopt;
  if (seen.residue == Residue::removed) return std::vector<Finding>{};
  return std::vector<Finding>{
      {.id = "session.left",
       .severity = Severity::warning,
       .message = "what the probe opened could not be cleaned up: " + seen.close_problem,
       .hint = "sessions that are never deleted fill the server's memory: look at its DELETE"}};
}

}  // namespace probes
