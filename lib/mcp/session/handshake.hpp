#pragma once

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"
#include "mcp/session/config.hpp"
#include "mcp/session/peer.hpp"
#include "mcp/session/revision.hpp"

namespace mcp {

/// The params of `initialize` as the offered revision's schema writes them.
Json initialize_params(const SessionConfig& config, Revision offer);

/// What a handshake's result says; `missing` names required members that were not there.
struct HandshakeResult {
  Peer peer;
  std::vector<std::string> missing;
};

/// An InitializeResult. Any legacy revision that we know is accepted.
Result<HandshakeResult> read_initialize_result(const Json& result, Revision offer);

/// A DiscoverResult. One that lists no modern revision that we know is a protocol error whose data
/// has the list as `supported`.
Result<HandshakeResult> read_discover_result(const Json& result);

}  // namespace mcp
