#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "probes/health/observation.hpp"

namespace probes {

/// One word for what a probe found; each belongs to one class of exit codes.
enum class Verdict {
  ok,
  degraded,       // works, with warnings
  unhealthy,      // answers, but a check failed
  needs_auth,     // "protected": up, and asks for a credential that was not given
  denied,         // up, and refuses the credential
  unreachable,    // resolve, connect, tls
  unresponsive,   // the deadline came first
  broken,         // HTTP, JSON-RPC or MCP is not as it must be
  session_lost,   // the server forgot the session between two requests
  misconfigured,  // the probe could not be made: its own options are wrong
  interrupted,
};

std::string_view to_string(Verdict verdict);

enum class Severity { notice, warning, error };

std::string_view to_string(Severity severity);

/// What a check has to say. Texts are safe to print and bounded: names of many tools are counted.
struct Finding {
  std::string id;  // AREA.WHAT, stable
  Severity severity = Severity::error;
  std::string message;
  std::string hint;
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// What an observation means.
struct ProbeReport {
  std::string target;  // as the user wrote it
  Verdict verdict = Verdict::ok;
  std::string reason;  // one line
  std::string hint;    // what to do about it; empty where there is nothing better to say
  /// The class of a failed attempt; none where the verdict came from findings.
  std::optional<mcp::ErrorKind> failure_kind;
  Observation seen;  // of the last attempt
  std::vector<Finding> findings;
  std::vector<std::string> passed;  // ids of the checks that applied and found nothing
  /// RFC 9728: where a protected server says how to get a token.
  std::string resource_metadata;
  int attempts = 1;
  mcp::Duration total{};  // all attempts and the pauses between them
  mcp::Duration timeout{};
};

}  // namespace probes
