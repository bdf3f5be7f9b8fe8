#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mcp/base/header.hpp"
#include "mcp/base/json.hpp"
#include "mcp/session/config.hpp"
#include "mcp/session/revision.hpp"

namespace mcp {

/// What of the configured capabilities is declared under a revision.
ClientCapabilities declared_capabilities(const ClientCapabilities& configured, Revision revision);

/// ClientCapabilities and Implementation as the revision's schema writes them.
Json capabilities_json(const ClientCapabilities& declared, Revision revision);
Json client_info_json(const SessionConfig& config);

struct MetaContext {
  /// The revision that a request declares; none before a legacy handshake is over.
  std::optional<Revision> revision;
  std::optional<std::int64_t> progress_token;
};

/// `params` with its `_meta` completed. What the caller put there stays, but for the fields that
/// the session must answer for: version, client, capabilities, progress token.
Json with_meta(const Json& params, const SessionConfig& config, const MetaContext& context);

/// The HTTP fields that mirror a request or notification; `params` has its `_meta` already.
HeaderList mirror_headers(const std::string& method, const Json& params,
                          std::optional<Revision> revision);

}  // namespace mcp
