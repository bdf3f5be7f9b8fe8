#pragma once

#include <optional>
#include <string>

#include "mcp/base/error.hpp"
#include "mcp/io/http.hpp"
#include "mcp/session/revision.hpp"
#include "mcp/session/session.hpp"
#include "mcp/transport/endpoint.hpp"
#include "mcp/transport/http_failure.hpp"

namespace mcp {

/// What all requests to one HTTP endpoint have in common: the user's headers and credential, the
/// revision in force and the legacy session's id. Builds the requests; starts none.
class HttpSession {
 public:
  /// The endpoint must outlive it: thousands of sessions may share one.
  explicit HttpSession(const Endpoint& endpoint) : endpoint_(endpoint) {}

  /// A message to the MCP endpoint (2025-11-25 and 2026-07-28, "Sending Messages").
  Result<HttpRequest> post(const Outgoing& outgoing) const;
  /// The stream of the server's own messages, or a broken stream taken up again where
  /// `last_event_id` is not empty (2025-11-25 transports, "Resumability and Redelivery").
  Result<HttpRequest> get(const std::string& last_event_id, TimePoint deadline) const;
  /// The end of the session (2025-11-25 transports, "Session Management").
  Result<HttpRequest> remove(const std::string& session_id, TimePoint deadline) const;
  /// Any request with the user's headers and credential, which replace `fields` of the same name.
  Result<HttpRequest> request(std::string method, std::string url, HeaderList fields,
                              TimePoint deadline) const;

  /// Takes Mcp-Session-Id from the answer to `initialize`. One with bytes that it must not have is
  /// a protocol error: it could not be sent back.
  Result<void> adopt(const HttpResponseHead& head);

  void set_revision(Revision revision) { revision_ = revision; }
  std::optional<Revision> revision() const { return revision_; }
  const std::string& id() const { return id_; }
  const Endpoint& endpoint() const { return endpoint_; }
  std::string url() const { return endpoint_.url->to_string(); }
  /// The era that a message belongs to: the revision's, or before that is known, the message's own.
  Era era_of_message(const Outgoing& outgoing) const;
  /// For judging the answer to this message.
  HttpQuestion question(const Outgoing& outgoing) const;
  /// The same for requests that carry no message: "GET stream".
  HttpQuestion question(std::string what) const;

 private:
  void add_revision(HeaderList& fields) const;

  const Endpoint& endpoint_;
  std::optional<Revision> revision_;
  std::string id_;
};

}  // namespace mcp
