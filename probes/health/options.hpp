#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"
#include "mcp/base/time.hpp"
#include "probes/health/expectation.hpp"

namespace probes {

/// How far a probe goes; each step includes those before it. `close` always follows.
enum class Depth { tcp, tls, handshake, tools, call };

std::string_view to_string(Depth depth);
std::optional<Depth> parse_depth(std::string_view text);

/// A tool that the probe calls, and what its result must look like.
struct ToolCall {
  std::string tool;
  mcp::Json arguments;
  std::vector<Expectation> expectations;
  std::optional<TextPattern> text;
};

/// What `protected` means to the caller: a failure, or all that was asked for.
enum class ProtectedServer { fails, passes };

struct ProbeOptions {
  Depth depth = Depth::tools;
  mcp::Duration timeout = std::chrono::seconds(5);  // all phases and all attempts
  int retries = 0;
  /// Unset: a server that declares tools must list one at least.
  std::optional<std::size_t> min_tools;
  std::vector<std::string> require_tools;
  /// Names or dotted paths: "prompts", "resources.subscribe".
  std::vector<std::string> require_capabilities;
  std::optional<mcp::Duration> max_latency;
  std::optional<std::chrono::days> cert_warn = std::chrono::days(14);
  std::optional<std::chrono::days> cert_crit;
  std::optional<ToolCall> call;
  /// A token or an Authorization field is sent: a 401 then says that it was refused.
  bool credential_given = false;
  ProtectedServer protected_server = ProtectedServer::fails;
  /// The wall clock, for certificates.
  std::chrono::system_clock::time_point today;
};

}  // namespace probes
