#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mcp/client/options.hpp"
#include "mcp/session/peer.hpp"
#include "mcp/transport/table.hpp"
#include "probes/sidecar/classification.hpp"
#include "probes/sidecar/cleanup.hpp"
#include "probes/sidecar/ledger.hpp"
#include "probes/sidecar/sidecar.hpp"
#include "probes/sidecar/surface.hpp"

namespace probes::sidecar {

/// What one probe came to; its reason and hint are safe to print.
struct ProbeResult {
  Sign sign = Sign::neutral;
  std::string reason;
  std::string hint;
  std::optional<mcp::ErrorKind> failure;
  std::optional<ToolDigests> tools;
};

using OnProbed = std::move_only_function<void(ProbeResult)>;

ProbeResult failed_with(const mcp::Error& failure, Protected is_protected);
/// Of a list that was asked for: an empty one is a failure.
ProbeResult listed(mcp::Result<ToolDigests> tools, Protected is_protected);

/// What the probes of one server have in common; all of it outlives them.
struct Surroundings {
  mcp::TransportContext context;
  const SidecarOptions& options;
  Ledger& ledger;
  Cleanup& cleanup;
  /// What was learnt of the server, so that no probe has to find it out again.
  std::optional<mcp::EraMemory> memory;

  Protected is_protected() const;
  bool is_stdio() const { return !options.endpoint.url; }
  /// Whether opening a connection may leave a session behind on the server.
  bool may_leave_session() const;
  mcp::ClientOptions client_options() const;
  /// By which a connection is opened, as far as that is known: "initialize".
  std::string handshake_method() const;
  void learn(const mcp::Peer& peer, mcp::TransportKind transport);
  /// A connection of its own, which leaves no socket behind when it is closed.
  mcp::Result<std::unique_ptr<Line>> make_line(LineOwner& owner) const;
};

/// Whether it declares tools at all; one that does not is not asked for them.
bool declares_tools(const mcp::Peer& peer);
/// Without what may be long and is not needed.
mcp::Peer trimmed(mcp::Peer peer);

}  // namespace probes::sidecar
