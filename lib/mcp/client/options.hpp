#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "mcp/session/config.hpp"
#include "mcp/session/revision.hpp"
#include "mcp/transport/transport.hpp"

namespace mcp {

/// `--protocol auto|legacy|modern|REVISION`. `era` alone offers the era's newest revision.
struct ProtocolChoice {
  std::optional<Era> era;
  std::optional<Revision> revision;  // implies its era; nothing else is accepted then
};

/// What was learnt of a server before, from the era cache: skips the detection. A wrong memory
/// costs one failed handshake, after which the detection runs as if there were none.
struct EraMemory {
  TransportKind transport = TransportKind::streamable_http;
  Era era = Era::legacy;
};

struct ClientOptions {
  ProtocolChoice protocol;
  SessionConfig session;
  std::optional<EraMemory> memory;
  /// How long a stdio server may take to answer server/discover before it is taken for legacy
  /// (2026-07-28 stdio, "Backward Compatibility"). At most half of what is left of the deadline.
  std::chrono::milliseconds discover_patience{2000};
  std::size_t max_pages = 1000;
};

}  // namespace mcp
