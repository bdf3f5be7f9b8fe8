#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

/// Codes that only servers of the modern era send (2026-07-28 basic, "Error Codes").
inline constexpr std::int64_t header_mismatch = -32020;
inline constexpr std::int64_t missing_client_capability = -32021;
inline constexpr std::int64_t unsupported_protocol_version = -32022;
inline constexpr std::int64_t method_not_found = -32601;
inline constexpr std::int64_t invalid_params = -32602;

bool is_modern_error_code(std::int64_t code);

/// An error response as an Error of kind rpc: "METHOD: server answered CODE: TEXT".
Error to_error(const std::string& method, const ErrorResponse& response);

/// `supported` of the data of an unsupported-version error, or of a discover failure; strings
/// only.
std::vector<std::string> supported_versions(const Error& error);

}  // namespace mcp
