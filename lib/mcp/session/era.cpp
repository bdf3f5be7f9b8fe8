#include "mcp/session/era.hpp"

#include <algorithm>

#include "mcp/session/rpc_error.hpp"

namespace mcp {
namespace {

/// Statuses that a gateway, a limiter or a proxy sends whatever the request was. Every other one
/// can be a legacy server's answer to a method or a header that it does not know.
bool is_about_the_deployment(int status) {
  switch (status) {
    case 401:  // versioning says nothing of these two: authorization comes before the era
    case 403:
    case 407:
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return status >= 300 && status < 400;
  }
}

/// A list of versions was given: no revision that we speak is left among the modern ones.
EraJudgement judge_versions(const std::vector<std::string>& versions) {
  if (newest_of(Era::modern, versions)) return EraJudgement::modern_error;
  if (newest_of(Era::legacy, versions)) return EraJudgement::fall_back_to_initialize;
  // Versions are dates, so their order is that of the text.
  const bool newer = std::ranges::any_of(
      versions, [](const auto& version) { return version > to_string(latest_modern); });
  return newer ? EraJudgement::modern_error : EraJudgement::fall_back_to_initialize;
}

}  // namespace

std::optional<Revision> newest_of(Era era, std::span<const std::string> versions) {
  std::optional<Revision> newest;
  for (const auto& version : versions) {
    const auto revision = parse_revision(version);
    if (revision && era_of(*revision) == era && (!newest || *revision > *newest)) {
      newest = revision;
    }
  }
  return newest;
}

std::optional<Revision> legacy_offer(const Error& error) {
  return newest_of(Era::legacy, supported_versions(error));
}

EraJudgement judge_discover_failure(const Error& error, Binding binding) {
  // versioning: "a recognized modern JSON-RPC error […] identifies a modern server […] Anything
  // else identifies a legacy server."
  if (error.kind == ErrorKind::auth) return EraJudgement::fatal;
  if (error.rpc_code && is_modern_error_code(*error.rpc_code)) {
    const auto versions = supported_versions(error);
    return versions.empty() ? EraJudgement::modern_error : judge_versions(versions);
  }
  if (const auto versions = supported_versions(error); !versions.empty()) {
    return judge_versions(versions);
  }
  if (error.http_status && is_about_the_deployment(*error.http_status)) return EraJudgement::fatal;
  switch (error.kind) {
    case ErrorKind::rpc:
    case ErrorKind::http:
    case ErrorKind::protocol:
      return EraJudgement::fall_back_to_initialize;
    case ErrorKind::timeout:
    case ErrorKind::connect:
    case ErrorKind::session_lost:
      // stdio: "does not respond within a reasonable timeout: the server is legacy"; a server that
      // ends at a request it does not know has answered as well.
      return binding == Binding::stdio ? EraJudgement::fall_back_to_initialize
                                       : EraJudgement::fatal;
    default:
      return EraJudgement::fatal;
  }
}

}  // namespace mcp
