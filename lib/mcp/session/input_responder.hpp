#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"
#include "mcp/session/config.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

/// A retry's `params`, and the input requests that were answered for it: their id is the server's
/// key.
struct InputRetry {
  Json params;
  std::vector<std::pair<Request, std::string>> answered;
};

/// Whether an InputRequiredResult is allowed in answer to this method
/// (2026-07-28 mrtr, "Supported Requests").
bool may_require_input(const std::string& method);

/// Answers an InputRequiredResult and builds the retry of a request whose params were `params`.
/// Errors are of kind protocol: malformed results, and requests for input that was not declared.
Result<InputRetry> answer_input(const Json& params, const Json& result,
                                const ClientCapabilities& declared, ElicitationPolicy policy);

}  // namespace mcp
