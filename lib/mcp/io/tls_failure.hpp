#pragma once

#include "mcp/io/curl_failure.hpp"

namespace mcp {

/// A certificate that was refused: wrong host, expired, self-signed and unknown authority are told
/// apart, because each has another fix.
Error describe_certificate(const CurlFailure& failure);

/// A handshake that failed for another reason.
Error describe_handshake(const CurlFailure& failure);

}  // namespace mcp
