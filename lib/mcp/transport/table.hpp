#pragma once

#include <memory>

#include "mcp/io/child_process.hpp"
#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/transport/endpoint.hpp"
#include "mcp/transport/transport.hpp"

namespace mcp {

/// The outside world as transports see it; references outlive the transport. `http` or `children`
/// may be null where the transport has no use for it.
struct TransportContext {
  Loop& loop;
  Http* http = nullptr;
  ChildSpawner* children = nullptr;
};

std::unique_ptr<Transport> make_transport(TransportKind kind, const Endpoint& endpoint,
                                          TransportContext context, TransportObserver& observer);

}  // namespace mcp
