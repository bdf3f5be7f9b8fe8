#pragma once

#include <string_view>

#include "mcp/base/error.hpp"

namespace cli {

/// What a run of the program came to.
enum class ExitCode {
  ok,
  warnings,  // healthy, with something to look at (a certificate that expires soon)
  findings,  // unhealthy, empty, tool error, drift, threshold missed
  usage,
  unreachable,  // resolve, connect, tls
  protocol,     // protocol, HTTP, RPC, limit
  auth,
  timeout,
  session_lost,
  interrupted,
};

/// `--exit-style`: whose numbers the process exits with.
enum class ExitStyle { plain, k8s, docker, nagios, grpc };

mcp::Result<ExitStyle> parse_exit_style(std::string_view text);
ExitCode exit_code(mcp::ErrorKind kind);
/// The process's exit status.
int status(ExitCode code, ExitStyle style = ExitStyle::plain);

}  // namespace cli
