#include "mcp/transport/http_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mcp/auth/challenge.hpp"
#include "mcp/base/text.hpp"
#include "mcp/session/rpc_error.hpp"
#include "mcp/transport/http_text.hpp"
#include "mcp/transport/media_type.hpp"
#include "mcp/transport/retry_after.hpp"

namespace mcp {
namespace {

bool contains_any(std::string_view text, const auto& phrases) {
  return std::ranges::any_of(phrases,
                             [text](std::string_view each) { return text.contains(each); });
}

/// The words of real servers for a session that they do not have. That the session's id is missing
/// from the request is something else: then a proxy has dropped the field.
bool says_session_lost(std::string_view text, const HttpQuestion& question) {
  // Go SDK: `method "tools/list" is invalid during session initialization`; TypeScript SDK:
  // "Server not initialized". After a handshake both mean that another process answers.
  static constexpr std::array<std::string_view, 2> restarted = {"during session initialization",
                                                                "server not initialized"};
  static constexpr std::array<std::string_view, 12> gone = {
      "not found",      "could not find", "invalid",    "expired",   "unknown",   "no valid",
      "does not exist", "doesn't exist",  "terminated", "no longer", "no active", "closed"};
  static constexpr std::array<std::string_view, 2> transport_gone = {"no active transport",
                                                                     "no transport found"};
  if (!question.in_session) return false;
  const auto lower = to_lower(text);
  if (contains_any(lower, restarted)) return true;
  if (!question.names_session) return false;
  return contains_any(lower, transport_gone) ||
         (lower.contains("session") && contains_any(lower, gone));
}

std::optional<ErrorResponse> find_rpc_error(const std::string& body) {
  if (!trim(body).starts_with('{')) return std::nullopt;
  auto messages = decode(body, {.bytes = HttpAnswer::body_limit});
  if (!messages || messages->size() != 1) return std::nullopt;
  auto* response = std::get_if<ErrorResponse>(&messages->front());
  // Whose id it carries does not matter: the answer to this request can be about nothing else, and
  // servers that could not read the id send null, none, or "server-error".
  return response ? std::optional(std::move(*response)) : std::nullopt;
}

bool is_lost(const HttpAnswer& answer, const std::optional<ErrorResponse>& rpc,
             const HttpQuestion& question) {
  const int status = answer.head.status;
  // "MUST respond to requests containing that session ID with HTTP 404 Not Found" (2025-11-25
  // transports, "Session Management"), whatever the body; only an unknown method is no sign of it.
  if (status == 404 && question.names_session) return !rpc || rpc->code != -32601;
  const bool is_refusal = (status >= 400 && status < 500) || status == 503;
  return is_refusal && says_session_lost(rpc ? rpc->message : answer.body, question);
}

/// `said` is how the server put it.
Error as_session_lost(Error error, const HttpQuestion& question, const std::string& said) {
  error.kind = ErrorKind::session_lost;
  error.message = fmt::format("{}: the server no longer has the session ({})", question.what, said);
  error.hint =
      "it was restarted, it dropped the session, or a load balancer spreads one session over "
      "several replicas";
  return error;
}

std::string describe_challenge(const std::string& field) {
  if (field.empty()) return "without a WWW-Authenticate field";
  const auto challenge = find_bearer_challenge(field);
  if (!challenge) return "with no valid Bearer challenge: " + quoted(field, 120);
  std::string text = "with a valid Bearer challenge";
  for (const char* name : {"error", "error_description", "scope", "resource_metadata"}) {
    if (const auto value = challenge->parameter(name)) {
      text += fmt::format(", {} {}", name, quoted(*value, 120));
    }
  }
  return text;
}

Error as_auth(Error error, const HttpAnswer& answer, const HttpQuestion& question) {
  error.kind = ErrorKind::auth;
  error.message = fmt::format("{}: {}, {}", question.what, describe_status(answer.head.status),
                              describe_challenge(error.challenge));
  if (error.challenge.empty() && !answer.body.empty()) {
    error.message += ": " + describe_body(answer);
  }
  if (answer.head.status == 403 && error.challenge.empty()) return error;  // no token would help
  if (!question.credential_sent) {
    error.hint = "give a bearer token with --token-file FILE or --token-env NAME";
  } else if (answer.head.status == 401) {
    error.hint = "the credential was refused: is it expired, or meant for another server?";
  } else {
    error.hint = "the credential is known, but may not do this";
  }
  return error;
}

Error as_unexpected_success(Error error, const HttpAnswer& answer, const HttpQuestion& question) {
  const auto type = media_type(answer.head);
  const auto start = fmt::format("{}: HTTP {}", question.what, answer.head.status);
  if (trim(answer.body).empty() && type != "text/event-stream") {
    error.message = start + " without a response";
    return error;
  }
  error.message = fmt::format("{} with {} instead of {}: {}", start,
                              type.empty() ? "no content type" : "content type " + printable(type),
                              question.wanted, describe_body(answer));
  error.hint = "is this the server's MCP path (often /mcp or /sse)?";
  return error;
}

Error as_redirect(Error error, const HttpAnswer& answer, const HttpQuestion& question) {
  const auto* target = answer.head.find("Location");
  error.message = fmt::format("{}: {}{}", question.what, describe_status(answer.head.status),
                              target ? ", to " + quoted(*target) : "");
  error.hint = "use the new URL, or allow the way there with --follow-redirects";
  return error;
}

Error as_http(Error error, const HttpAnswer& answer, const HttpQuestion& question) {
  error.message = fmt::format("{}: {}: {}", question.what, describe_status(answer.head.status),
                              describe_body(answer));
  if (answer.head.status == 406) error.hint = "did a proxy or --header change the Accept field?";
  if (answer.head.status == 415) error.hint = "did a proxy or --header change Content-Type?";
  return error;
}

std::string challenges_of(const HttpResponseHead& head) {
  std::string all;
  for (const auto& field : head.headers) {
    if (!equals_ignoring_case(field.name, "WWW-Authenticate")) continue;
    if (!all.empty()) all += ", ";
    all += field.value;
  }
  return all;
}

void add_rpc(Error& error, const HttpQuestion& question, const ErrorResponse& response) {
  auto rpc = to_error(question.what, response);
  error.kind = ErrorKind::rpc;
  error.message = std::move(rpc.message);
  error.hint = std::move(rpc.hint);
  error.rpc_code = rpc.rpc_code;
  error.rpc_data = std::move(rpc.rpc_data);
}

Error judge(Error error, const HttpAnswer& answer, const HttpQuestion& question) {
  const int status = answer.head.status;
  const auto rpc = find_rpc_error(answer.body);
  if (rpc) {
    add_rpc(error, question, *rpc);
    error.message += fmt::format(" ({})", describe_status(status));
  }
  if (error.challenge.empty() && is_lost(answer, rpc, question)) {
    const auto said =
        describe_status(status) + ": " + (rpc ? quoted(rpc->message) : describe_body(answer));
    return as_session_lost(std::move(error), question, said);
  }
  if (status == 401 || status == 403) return as_auth(std::move(error), answer, question);
  if (rpc) return error;
  if (status < 300) return as_unexpected_success(std::move(error), answer, question);
  if (status < 400) return as_redirect(std::move(error), answer, question);
  return as_http(std::move(error), answer, question);
}

}  // namespace

bool HttpAnswer::append(std::string_view bytes) {
  body += bytes.substr(0, body_limit - body.size());
  return body.size() < body_limit;
}

Error classify(const HttpAnswer& answer, const HttpQuestion& question) {
  Error error{.kind = ErrorKind::http,
              .http_status = answer.head.status,
              .retry_after_seconds = retry_after_seconds(answer.head),
              .challenge = challenges_of(answer.head)};
  error = judge(std::move(error), answer, question);
  if (error.retry_after_seconds && error.hint.empty()) {
    error.hint = fmt::format("the server asks to be left alone for {} s (Retry-After)",
                             *error.retry_after_seconds);
  }
  return error;
}

bool means_session_lost(const ErrorResponse& response, const HttpQuestion& question) {
  static constexpr std::array<std::int64_t, 4> codes = {0, -32000, -32001, -32600};
  return std::ranges::find(codes, response.code) != codes.end() &&
         says_session_lost(response.message, question);
}

Error judge(const ErrorResponse& response, const HttpQuestion& question) {
  Error error;
  add_rpc(error, question, response);
  if (!means_session_lost(response, question)) return error;
  return as_session_lost(std::move(error), question,
                         fmt::format("{}: {}", response.code, quoted(response.message)));
}

}  // namespace mcp
