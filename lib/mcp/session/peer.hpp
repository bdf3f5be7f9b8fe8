#pragma once

#include <string>
#include <vector>

#include "mcp/base/json.hpp"
#include "mcp/session/revision.hpp"

namespace mcp {

/// What a server said about itself in the answer to `initialize` or `server/discover`. Texts are
/// as received: make them printable before showing them.
struct Peer {
  Revision revision = latest_legacy;
  std::string name;  // empty where a modern server names none
  std::string version;
  std::string title;
  std::string instructions;
  Json capabilities;
  /// modern: `supportedVersions` as sent; legacy: the negotiated one.
  std::vector<std::string> supported_versions;
  /// The whole result, for snapshots and JSON output.
  Json raw;

  Era era() const { return era_of(revision); }
};

}  // namespace mcp
