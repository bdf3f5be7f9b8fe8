#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/target_parts.hpp"
#include "cli/trace_context.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

std::unexpected<mcp::Error> refuse(std::string_view option, const std::string& value,
                                   std::string_view choices) {
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("{}: {} is none of its values", option, mcp::quoted(value)),
                   fmt::format("choose {}", choices));
}

mcp::Result<mcp::ProtocolChoice> read_protocol(const std::string& text) {
  if (text == "auto") return mcp::ProtocolChoice{};
  if (text == "legacy") return mcp::ProtocolChoice{.era = mcp::Era::legacy};
  if (text == "modern") return mcp::ProtocolChoice{.era = mcp::Era::modern};
  if (const auto revision = mcp::parse_revision(text)) {
    return mcp::ProtocolChoice{.revision = revision};
  }
  std::string choices = "auto, legacy, modern";
  for (const mcp::Revision revision : mcp::all_revisions) {
    choices += fmt::format(", {}", mcp::to_string(revision));
  }
  return refuse("--protocol", text, choices);
}

mcp::Result<void> declare(mcp::SessionConfig& session, const TargetOptions& options) {
  for (const std::string& name : options.declare) {
    if (name == "roots") {
      session.capabilities.roots = true;
    } else if (name == "sampling") {
      session.capabilities.sampling = true;
    } else if (name == "elicitation") {
      session.capabilities.elicitation = true;
    } else {
      return refuse("--declare", name, "roots, sampling or elicitation");
    }
  }
  if (options.elicit.empty()) return {};
  if (options.elicit != "decline" && options.elicit != "defaults") {
    return refuse("--elicit", options.elicit, "decline or defaults");
  }
  session.capabilities.elicitation = true;
  if (options.elicit == "defaults") {
    session.elicitation = mcp::ElicitationPolicy::accept_defaults;
  }
  return {};
}

mcp::Result<std::string> read_log_level(const std::string& text) {
  // The levels of RFC 5424, as MCP names them.
  constexpr std::array levels = {"debug", "info",     "notice", "warning",
                                 "error", "critical", "alert",  "emergency"};
  if (text.empty() || std::ranges::find(levels, text) != levels.end()) return text;
  return refuse("--log-level", text,
                "debug, info, notice, warning, error, critical, alert or emergency");
}

}  // namespace

mcp::Result<mcp::ClientOptions> client_options(const TargetOptions& options,
                                               const Invocation& invocation) {
  mcp::ClientOptions client;
  const auto protocol = read_protocol(options.protocol);
  if (!protocol) return std::unexpected(protocol.error());
  client.protocol = *protocol;
  client.session.client_version = version();
  if (auto declared = declare(client.session, options); !declared) {
    return std::unexpected(declared.error());
  }
  auto level = read_log_level(options.log_level);
  if (!level) return std::unexpected(level.error());
  client.session.log_level = std::move(*level);
  const auto trace = trace_context(options.trace, invocation.world);
  client.session.traceparent = trace.traceparent;
  client.session.tracestate = trace.tracestate;
  return client;
}

}  // namespace cli
