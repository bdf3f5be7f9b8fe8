#include "probes/sidecar/probe_result.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace probes::sidecar {

ProbeResult failed_with(const mcp::Error& failure, Protected is_protected) {
  return {.sign = sign_of(failure, is_protected),
          .reason = failure.message,
          .hint = failure.hint,
          .failure = failure.kind};
}

ProbeResult listed(mcp::Result<ToolDigests> tools, Protected is_protected) {
  if (!tools) return failed_with(tools.error(), is_protected);
  const auto count = tools->count();
  if (count == 0) {
    return {.sign = Sign::bad,
            .reason = "tools/list: the server declares tools, and lists none",
            .failure = mcp::ErrorKind::empty,
            .tools = std::move(*tools)};
  }
  return {.sign = Sign::good,
          .reason = fmt::format("tools/list brought {} {}", count, count == 1 ? "tool" : "tools"),
          .tools = std::move(*tools)};
}

Protected Surroundings::is_protected() const {
  return options.protected_passes ? Protected::passes : Protected::fails;
}

std::string Surroundings::handshake_method() const {
  return may_leave_session() ? "initialize" : "server/discover";
}

bool Surroundings::may_leave_session() const {
  const auto& chosen = options.client.protocol;
  const auto named = chosen.revision ? std::optional(era_of(*chosen.revision)) : chosen.era;
  const auto known = memory ? std::optional(memory->era) : named;
  return known != mcp::Era::modern;
}

mcp::ClientOptions Surroundings::client_options() const {
  auto made = options.client;
  if (memory) made.memory = memory;
  return made;
}

void Surroundings::learn(const mcp::Peer& peer, mcp::TransportKind transport) {
  memory = {.transport = transport, .era = peer.era()};
}

mcp::Result<std::unique_ptr<Line>> Surroundings::make_line(LineOwner& owner) const {
  std::unique_ptr<mcp::Http> http;
  if (options.make_http && !is_stdio()) {
    auto made = options.make_http();
    if (!made) return std::unexpected(std::move(made.error()));
    http = std::move(*made);
  }
  return std::make_unique<Line>(Line::Parts{.context = context,
                                            .endpoint = options.endpoint,
                                            .options = client_options(),
                                            .http = std::move(http)},
                                owner, ledger);
}

mcp::Peer trimmed(mcp::Peer peer) {
  peer.instructions.clear();
  peer.raw = {};
  return peer;
}

bool declares_tools(const mcp::Peer& peer) {
  return peer.capabilities->is_object() && peer.capabilities->contains("tools");
}

}  // namespace probes::sidecar
