#pragma once

#include <string>

#include "cli/target.hpp"

// The steps of resolve_target, one file each.
namespace cli {

/// URL, name and command of the endpoint, and what an mcp.json entry says about headers.
mcp::Result<void> locate(mcp::Endpoint& endpoint, const TargetOptions& options,
                         const std::string& word, const Invocation& invocation);
/// Headers, credentials, and how connections are made.
mcp::Result<void> add_http_options(mcp::Endpoint& endpoint, const TargetOptions& options,
                                   const Invocation& invocation);
mcp::Result<mcp::ClientOptions> client_options(const TargetOptions& options,
                                               const Invocation& invocation);
/// Where eras are remembered; empty for nowhere.
std::string era_cache_file(const TargetOptions& options, const World& world);

}  // namespace cli
