#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"
#include "mcp/base/time.hpp"
#include "mcp/client/blocking_client.hpp"
#include "mcp/io/http.hpp"
#include "mcp/session/peer.hpp"
#include "mcp/transport/transport.hpp"

namespace probes {

/// resolve, connect and tls are told for HTTP, spawn for stdio.
enum class PhaseName { resolve, connect, tls, spawn, handshake, tools, call, close };
enum class PhaseStatus { ok, failed, skipped };

std::string_view to_string(PhaseName name);
std::string_view to_string(PhaseStatus status);

struct Phase {
  PhaseName name = PhaseName::handshake;
  PhaseStatus status = PhaseStatus::skipped;
  /// None where it was skipped, or ended unmeasured because a later one failed.
  std::optional<mcp::Duration> time;
  std::string detail;  // safe to print
  friend bool operator==(const Phase&, const Phase&) = default;
};

/// What a probe leaves on the server.
enum class Residue {
  none,     // nothing was opened that could stay: no session id, or nothing reached
  removed,  // the session was deleted, or the child has ended
  left,     // it was tried, and failed
};

std::string_view to_string(Residue residue);

/// All HTTP exchanges of an attempt together, without those of close.
struct HttpTotals {
  mcp::Duration resolve{};
  mcp::Duration connect{};
  mcp::Duration tls{};
  mcp::Duration processing{};  // from the request being sent to the first byte of the answer
  mcp::Duration transfer{};
  std::size_t exchanges = 0;
  std::size_t connections = 0;
  int last_status = 0;  // of the newest answer
  void add(const mcp::HttpTimings& timings);
};

/// What one attempt saw, without any judgement.
struct Observation {
  mcp::TransportKind transport = mcp::TransportKind::streamable_http;
  std::vector<Phase> phases;  // in the order of PhaseName; those of other transports are left out
  /// The first thing that went wrong, and where; nothing but close was tried after it.
  std::optional<mcp::Error> failure;
  PhaseName failed = PhaseName::handshake;
  std::optional<mcp::Peer> peer;
  std::optional<mcp::Listing> tools;
  std::optional<mcp::Json> call_result;
  HttpTotals http;
  std::optional<mcp::HttpTimings> connection;  // the first one that was made
  Residue residue = Residue::none;
  std::string close_problem;  // why something was left
  std::vector<std::string> warnings;
  mcp::Duration total{};

  const Phase* find(PhaseName name) const;
};

}  // namespace probes
