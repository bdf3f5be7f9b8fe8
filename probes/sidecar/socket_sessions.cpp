#include "probes/sidecar/socket_sessions.hpp"

namespace probes::sidecar {

SessionCount SocketSessions::count(mcp::TimePoint /*now*/) const {
  return {.source = CountSource::sockets,
          .active = sockets_.count(),
          .upper_bound = true,
          .taken = sockets_.taken(),
          .problem = sockets_.problem()};
}

}  // namespace probes::sidecar
