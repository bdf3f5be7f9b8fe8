#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "mcp/auth/token_source.hpp"
#include "mcp/base/header.hpp"
#include "mcp/base/url.hpp"
#include "mcp/io/child_process.hpp"
#include "mcp/io/http.hpp"
#include "mcp/wire/codec.hpp"
#include "mcp/wire/sse_parser.hpp"

namespace mcp {

enum class TransportChoice { automatic, stdio, http_sse, streamable_http };

/// What the client keeps of a server at most. An answer is held as text and then as values, so the
/// whole takes about three times the length of the longest message.
struct TransportLimits {
  static constexpr std::size_t longest_message = 16UL * 1024 * 1024;
  DecodeLimits message{.bytes = longest_message};
  SseLimits sse{.event_bytes = longest_message, .line_bytes = longest_message};
  std::size_t body_bytes = longest_message;
  std::size_t stderr_bytes = 64UL * 1024;  // the newest are kept
  /// Comments and empty events in a row without a message; more is a limit error.
  std::size_t keepalives_in_row = 100'000;
  int max_resumptions = 10;  // of one stream, in a row that brought nothing
  /// The same of the legacy GET stream; 0 tells each of its ends instead.
  int max_listen_resumptions = 10;
};

/// A resolved target: everything that is needed to reach one server. Either `url` or `child.argv`
/// is set.
struct Endpoint {
  std::string name;  // as the user wrote it, for messages
  TransportChoice transport = TransportChoice::automatic;
  std::optional<Url> url;
  ChildOptions child;
  HeaderList headers;
  HttpOptions http;
  /// None: no credential is sent. Shared: a fleet's connections refresh one token.
  std::shared_ptr<TokenSource> token;
  int max_redirects = 0;
  TransportLimits limits;
  /// After stdin was closed, how long a child may take before SIGTERM, and again before SIGKILL.
  std::chrono::milliseconds stdio_grace{2000};
};

}  // namespace mcp
