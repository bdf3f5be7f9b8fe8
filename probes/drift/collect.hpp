#pragma once

#include "mcp/base/error.hpp"
#include "mcp/client/blocking_client.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {

/// Reads the whole surface over an open client: all pages of every list whose capability the
/// server declares. A list that is declared but refused with -32601 counts as empty, said in
/// `warnings`. Tools that a modern HTTP client must leave out (invalid x-mcp-header) are in the
/// snapshot all the same: drift is about what the server says.
mcp::Result<Snapshot> collect(mcp::BlockingClient& client, const mcp::Peer& peer,
                              mcp::TimePoint deadline, std::vector<std::string>& warnings);

}  // namespace probes::drift
