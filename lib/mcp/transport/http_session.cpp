#include "mcp/transport/http_session.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/transport/message_facts.hpp"
#include "mcp/wire/codec.hpp"

namespace mcp {
namespace {

bool has(const HeaderList& headers, std::string_view name) {
  return std::ranges::any_of(
      headers, [name](const Header& each) { return equals_ignoring_case(each.name, name); });
}

bool is_initialize(const Message& message) {
  const auto* request = std::get_if<Request>(&message);
  return request != nullptr && request->method == "initialize";
}

}  // namespace

Result<HttpRequest> HttpSession::request(std::string method, std::string url, HeaderList fields,
                                         TimePoint deadline) const {
  const auto& given = endpoint_.headers;
  std::erase_if(fields, [&given](const Header& field) { return has(given, field.name); });
  fields.insert(fields.end(), given.begin(), given.end());
  if (endpoint_.token && !has(given, "Authorization")) {
    auto token = endpoint_.token->token();
    if (!token) return std::unexpected(std::move(token.error()));
    fields.push_back({"Authorization", "Bearer " + *token});
  }
  return HttpRequest{.method = std::move(method),
                     .url = std::move(url),
                     .headers = std::move(fields),
                     .body = {},
                     .deadline = deadline,
                     // Whether an answer is one text or a stream without end is seen from its head
                     // only: whoever reads it keeps the bound.
                     .max_body_bytes = std::numeric_limits<std::size_t>::max(),
                     .max_redirects = endpoint_.max_redirects};
}

Result<HttpRequest> HttpSession::post(const Outgoing& outgoing) const {
  HeaderList fields = {{"Content-Type", "application/json"},
                       {"Accept", "application/json, text/event-stream"}};
  // A new session is asked for "without a session ID attached" (2025-11-25 transports).
  if (!id_.empty() && era_of_message(outgoing) == Era::legacy && !is_initialize(outgoing.message)) {
    fields.push_back({"Mcp-Session-Id", id_});
  }
  fields.insert(fields.end(), outgoing.headers.begin(), outgoing.headers.end());
  auto made = request("POST", url(), std::move(fields), outgoing.deadline);
  if (made) made->body = encode(outgoing.message);
  return made;
}

Result<HttpRequest> HttpSession::get(const std::string& last_event_id, TimePoint deadline) const {
  HeaderList fields = {{"Accept", "text/event-stream"}};
  if (!id_.empty()) fields.push_back({"Mcp-Session-Id", id_});
  add_revision(fields);
  if (!last_event_id.empty()) fields.push_back({"Last-Event-ID", last_event_id});
  return request("GET", url(), std::move(fields), deadline);
}

Result<HttpRequest> HttpSession::remove(const std::string& session_id, TimePoint deadline) const {
  HeaderList fields = {{"Mcp-Session-Id", session_id}};
  add_revision(fields);
  return request("DELETE", url(), std::move(fields), deadline);
}

void HttpSession::add_revision(HeaderList& fields) const {
  // The field came with 2025-06-18 ("Protocol Version Header").
  if (revision_.value_or(Revision::v2024_11_05) >= Revision::v2025_06_18) {
    fields.push_back({"MCP-Protocol-Version", std::string(to_string(*revision_))});
  }
}

Result<void> HttpSession::adopt(const HttpResponseHead& head) {
  const auto* id = head.find("Mcp-Session-Id");
  if (id == nullptr || id->empty()) return {};
  // "MUST only contain visible ASCII characters (ranging from 0x21 to 0x7E)".
  if (!std::ranges::all_of(*id, [](char c) { return c > 0x20 && c < 0x7f; })) {
    return fail(ErrorKind::protocol,
                "Mcp-Session-Id has bytes outside visible ASCII: " + quoted(*id));
  }
  id_ = *id;
  return {};
}

Era HttpSession::era_of_message(const Outgoing& outgoing) const {
  if (revision_) return era_of(*revision_);
  return has(outgoing.headers, "Mcp-Method") ? Era::modern : Era::legacy;
}

HttpQuestion HttpSession::question(const Outgoing& outgoing) const {
  auto made = question(name_of(outgoing.message));
  if (era_of_message(outgoing) == Era::modern || is_initialize(outgoing.message)) {
    made.names_session = false;
    made.in_session = false;
  }
  return made;
}

HttpQuestion HttpSession::question(std::string what) const {
  return {.what = std::move(what),
          .names_session = !id_.empty(),
          .in_session = !id_.empty() || (revision_ && era_of(*revision_) == Era::legacy),
          .credential_sent = endpoint_.token || has(endpoint_.headers, "Authorization")};
}

}  // namespace mcp
