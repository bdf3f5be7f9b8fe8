#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/json.hpp"

namespace mcp {

/// A class of failure that a person can act on; the program maps each to one exit code.
enum class ErrorKind {
  usage,
  resolve,
  connect,
  tls,
  timeout,
  http,
  auth,
  protocol,
  rpc,
  session_lost,
  tool_error,
  empty,
  drift,
  limit,
  interrupted,
};

std::string_view to_string(ErrorKind kind);

/// What went wrong, and where there is one, the fix. Text that came from a server is already safe
/// to print (see text.hpp).
struct Error {
  ErrorKind kind = ErrorKind::protocol;
  std::string message;
  /// One line that tells the reader what to do; empty where there is nothing better to say.
  std::string hint;
  std::optional<int> http_status;
  /// `error.code` and `error.data` of a JSON-RPC error response.
  std::optional<std::int64_t> rpc_code;
  std::optional<Json> rpc_data;
  /// The value of the `Retry-After` field, in seconds (RFC 9110 section 10.2.3).
  std::optional<std::int64_t> retry_after_seconds;
  /// Of a deadline that came while a connection was made: "resolve", "connect" or "tls".
  std::string phase;
  /// The `WWW-Authenticate` field of a 401 or 403 answer, as received.
  std::string challenge;
};

template <typename Value>
using Result = std::expected<Value, Error>;

/// Shorthand for `std::unexpected(Error{kind, message, hint})`.
std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {});

}  // namespace mcp
