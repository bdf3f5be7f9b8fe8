#include "probes/sidecar/relayed_call.hpp"

#include <algorithm>

#include "mcp/base/text.hpp"

namespace probes::sidecar {
namespace {

constexpr std::string_view event_stream = "text/event-stream";

bool wants_stream(const mcp::RelayedRequest& request) {
  const auto accept = find_header(request.headers, "accept");
  return accept && mcp::to_lower(*accept).find(event_stream) != std::string::npos;
}

/// "/messages?sessionId=…" of the TypeScript SDK, "/messages/?session_id=…" of the Python SDK.
bool names_session(std::string_view target) {
  const auto query = target.find('?');
  if (query == std::string_view::npos) return false;
  const auto lower = mcp::to_lower(target.substr(query));
  return lower.find("sessionid=") != std::string::npos ||
         lower.find("session_id=") != std::string::npos;
}

CallKind kind_of_method(std::string_view method) {
  if (method == "subscriptions/listen") return CallKind::listen;
  if (method == "server/discover") return CallKind::discover;
  if (method == "initialize") return CallKind::initialize;
  return method.starts_with("notifications/") ? CallKind::notice : CallKind::request;
}

CallKind kind_of_post(const mcp::RelayedRequest& request, bool in_session, const PeekedBody& body) {
  if (body.initializes) return CallKind::initialize;
  const auto method = find_header(request.headers, "mcp-method");
  if (method) return kind_of_method(*method);
  // In a session nobody looks at the body: 202 tells a notice afterwards.
  if (in_session || request.body.empty() || body.has_request) return CallKind::request;
  return CallKind::notice;
}

}  // namespace

std::optional<std::string_view> find_header(const std::vector<mcp::HeaderView>& headers,
                                            std::string_view name) {
  const auto found = std::ranges::find_if(headers, [&](const mcp::HeaderView& header) {
    return mcp::equals_ignoring_case(header.name, name);
  });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

bool is_event_stream(const std::vector<mcp::HeaderView>& headers) {
  const auto type = find_header(headers, "content-type");
  return type && mcp::equals_ignoring_case(type->substr(0, event_stream.size()), event_stream);
}

bool is_told_by_body(const mcp::RelayedRequest& request) {
  return request.method == "POST" && !find_header(request.headers, "mcp-session-id") &&
         !find_header(request.headers, "mcp-method");
}

RelayedCall classify(const mcp::RelayedRequest& request, const PeekedBody& body) {
  RelayedCall call;
  call.session = find_header(request.headers, "mcp-session-id").value_or("");
  call.names_stream = names_session(request.target);
  if (request.method == "POST") {
    call.kind = kind_of_post(request, !call.session.empty(), body);
  } else if (request.method == "GET" && wants_stream(request)) {
    call.kind = CallKind::stream;
  } else if (request.method == "DELETE" && !call.session.empty()) {
    call.kind = CallKind::end;
  }
  return call;
}

}  // namespace probes::sidecar
