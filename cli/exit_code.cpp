#include "cli/exit_code.hpp"

#include <string>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

// The program's own numbers (design, "Exit codes").
int plain_status(ExitCode code) {
  switch (code) {
    case ExitCode::ok:
    case ExitCode::warnings:
      return 0;
    case ExitCode::findings:
      return 1;
    case ExitCode::usage:
      return 2;
    case ExitCode::unreachable:
      return 3;
    case ExitCode::protocol:
      return 4;
    case ExitCode::auth:
      return 5;
    case ExitCode::timeout:
      return 6;
    case ExitCode::session_lost:
      return 7;
    case ExitCode::interrupted:
      return 130;
  }
  return 1;
}

// Monitoring Plugins guidelines: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
int nagios_status(ExitCode code) {
  switch (code) {
    case ExitCode::ok:
      return 0;
    case ExitCode::warnings:
      return 1;
    case ExitCode::usage:
    case ExitCode::interrupted:
      return 3;
    default:
      return 2;
  }
}

// grpc-health-probe: 1 wrong arguments, 2 no connection, 3 the call failed, 4 not serving.
int grpc_status(ExitCode code) {
  switch (code) {
    case ExitCode::ok:
    case ExitCode::warnings:
      return 0;
    case ExitCode::usage:
      return 1;
    case ExitCode::unreachable:
      return 2;
    case ExitCode::findings:
      return 4;
    default:
      return 3;
  }
}

}  // namespace

mcp::Result<ExitStyle> parse_exit_style(std::string_view text) {
  if (text == "plain") return ExitStyle::plain;
  if (text == "k8s") return ExitStyle::k8s;
  if (text == "docker") return ExitStyle::docker;
  if (text == "nagios") return ExitStyle::nagios;
  if (text == "grpc") return ExitStyle::grpc;
  return mcp::fail(mcp::ErrorKind::usage, "--exit-style: unknown style " + mcp::quoted(text),
                   "choose plain, k8s, docker, nagios or grpc");
}

ExitCode exit_code(mcp::ErrorKind kind) {
  using enum mcp::ErrorKind;
  switch (kind) {
    case usage:
      return ExitCode::usage;
    case resolve:
    case connect:
    case tls:
      return ExitCode::unreachable;
    case timeout:
      return ExitCode::timeout;
    case auth:
      return ExitCode::auth;
    case http:
    case protocol:
    case rpc:
    case limit:
      return ExitCode::protocol;
    case session_lost:
      return ExitCode::session_lost;
    case tool_error:
    case empty:
    case drift:
      return ExitCode::findings;
    case interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::findings;
}

int status(ExitCode code, ExitStyle style) {
  switch (style) {
    case ExitStyle::plain:
      return plain_status(code);
    case ExitStyle::k8s:
    case ExitStyle::docker:
      // Kubernetes knows zero and the rest; Docker reserves all but 0 and 1 for itself.
      return plain_status(code) == 0 ? 0 : 1;
    case ExitStyle::nagios:
      return nagios_status(code);
    case ExitStyle::grpc:
      return grpc_status(code);
  }
  return plain_status(code);
}

}  // namespace cli
