#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"
#include "mcp/io/http.hpp"
#include "mcp/wire/codec.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

/// What was asked, as far as it matters for judging the answer.
struct HttpQuestion {
  std::string what;  // "tools/list", "GET stream": for messages
  std::string_view wanted = "application/json or text/event-stream";
  /// Mcp-Session-Id was sent, so a bare 404 means that this session is gone (2025-11-25 transports,
  /// "Session Management").
  bool names_session = false;
  /// A legacy handshake was done: an error that speaks of a missing session means that it is lost.
  bool in_session = false;
  bool credential_sent = false;
};

/// An HTTP answer that carries no usable message. The body is kept as far as `body_limit`.
struct HttpAnswer {
  static constexpr std::size_t body_limit = 64UL * 1024;

  HttpResponseHead head;
  std::string body;

  /// False once the body is full: no more of it is needed.
  bool append(std::string_view bytes);
};

/// Tells the truth about such an answer: session_lost, auth (challenge kept), rpc (a JSON-RPC error
/// in the body: both codes kept) or http. Has no state and reads no clock.
Error classify(const HttpAnswer& answer, const HttpQuestion& question);

/// The error of a JSON-RPC error response: session_lost where it says so, else rpc.
Error judge(const ErrorResponse& response, const HttpQuestion& question);

/// An error response in an otherwise good answer that in truth says that the session is gone
/// (seen with codes 0, -32000, -32001, -32600).
bool means_session_lost(const ErrorResponse& response, const HttpQuestion& question);

}  // namespace mcp
