#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mcp/io/http_relay.hpp"
#include "probes/sidecar/peeked_body.hpp"

namespace probes::sidecar {

/// What a relayed request is to the sessions of its server.
enum class CallKind : std::uint8_t {
  initialize,  // of a new session (legacy)
  request,     // a POST that something is asked by, or whose body is not known
  notice,      // a POST that asks for nothing: notifications and responses only
  stream,      // a GET that wants an event stream
  listen,      // subscriptions/listen (modern)
  discover,    // server/discover (modern)
  end,         // DELETE of a session
  other,
};

struct RelayedCall {
  CallKind kind = CallKind::other;
  std::string_view session;   // Mcp-Session-Id; empty without one
  bool names_stream = false;  // its query names the HTTP+SSE stream that it belongs to
};

std::optional<std::string_view> find_header(const std::vector<mcp::HeaderView>& headers,
                                            std::string_view name);
bool is_event_stream(const std::vector<mcp::HeaderView>& headers);

/// Whether only the body tells which call it is: a POST without session and Mcp-Method.
bool is_told_by_body(const mcp::RelayedRequest& request);
RelayedCall classify(const mcp::RelayedRequest& request, const PeekedBody& body);

}  // namespace probes::sidecar
