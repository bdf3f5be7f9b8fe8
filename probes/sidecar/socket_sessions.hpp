#pragma once

#include "mcp/io/established_sockets.hpp"
#include "probes/sidecar/session_count.hpp"

namespace probes::sidecar {

/// The established connections to the server's port. A session may have several, and a client may
/// keep one without a session: an upper bound.
class SocketSessions final : public SessionCounter {
 public:
  /// `sockets` outlives this.
  explicit SocketSessions(const mcp::EstablishedSockets& sockets) : sockets_(sockets) {}
  SessionCount count(mcp::TimePoint now) const override;

 private:
  const mcp::EstablishedSockets& sockets_;
};

}  // namespace probes::sidecar
