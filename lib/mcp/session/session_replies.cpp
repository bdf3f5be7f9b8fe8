#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/session/era.hpp"
#include "mcp/session/input_responder.hpp"
#include "mcp/session/request_meta.hpp"
#include "mcp/session/rpc_error.hpp"
#include "mcp/session/server_requests.hpp"
#include "mcp/session/session_state.hpp"
#include "mcp/wire/json_text.hpp"

namespace mcp {
namespace {

using nlohmann::json;

/// After notifications/cancelled, how long the graceful answer to a subscription may still take.
constexpr std::chrono::seconds subscription_grace{1};

Error protocol_error(const Call& call, const std::string& what) {
  return fail(ErrorKind::protocol, fmt::format("{}: {}", printable(call.method), what)).error();
}

/// The member of `params` that names a request or token, where it is an integer as ours are.
std::optional<std::int64_t> integer_member(const Json& params, const char* name) {
  if (!params->is_object()) return std::nullopt;
  const auto found = params->find(name);
  if (found == params->end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

}  // namespace

void Session::State::receive_result(const RequestId& id, Json result) {
  if (calls.find(id) == nullptr) {
    report_unmatched(id);
    return count_message();
  }
  messages_in_row = 0;
  auto call = calls.take_answered(std::get<std::int64_t>(id));
  settle_result(std::move(call), std::move(result));
}

void Session::State::receive_error(const ErrorResponse& response) {
  auto id = response.id;
  // JSON-RPC 2.0 section 5: no id "if there was an error in detecting the id in the Request". With
  // one call open there is only one that it can mean.
  if (!id && calls.size() == 1) id = calls.ids().front();
  const auto* call = id ? calls.find(*id) : nullptr;
  if (call != nullptr) {
    messages_in_row = 0;
    auto error = to_error(call->method, response);
    return settle_error(calls.take_answered(std::get<std::int64_t>(*id)), std::move(error));
  }
  if (id) {
    report_unmatched(*id);
  } else {
    observer.on_warning(fmt::format("the server sent an error without an id: {}: {}", response.code,
                                    excerpt(response.message, 200)));
  }
  count_message();
}

void Session::State::receive_request(const Request& request) {
  if (era == Era::modern) {
    // 2026-07-28 streamable-http "Receiving Messages", stdio "Receiving Messages": "The server MUST
    // NOT" send requests, and clients send no responses.
    observer.on_warning(fmt::format("the server sent the request {}, which this revision forbids",
                                    quoted(request.method, 100)));
    return;
  }
  auto answer = answer_server_request(request, declared, config.elicitation);
  Outgoing outgoing;
  outgoing.message = std::move(answer.reply);
  outgoing.headers = mirror_headers({}, {}, revision);
  sink.send(std::move(outgoing));
  observer.on_server_request(request, answer.described);
}

void Session::State::receive_notification(const Notification& notification, TimePoint now) {
  if (notification.method == "notifications/progress") return route_progress(notification);
  if (notification.method == "notifications/cancelled") end_subscription(notification, now);
  observer.on_notification(notification);
}

void Session::State::route_progress(const Notification& notification) {
  const auto token = integer_member(notification.params, "progressToken");
  const auto id = token ? calls.id_of(*token) : std::nullopt;
  auto* call = id ? calls.find(*id) : nullptr;
  if (call == nullptr || !call->options.on_progress) return observer.on_notification(notification);
  // The callback may end the call, so it must not live in the table while it runs.
  auto on_progress = std::move(call->options.on_progress);
  on_progress(notification);
  call = calls.find(*id);
  if (call != nullptr) call->options.on_progress = std::move(on_progress);
}

/// 2026-07-28 cancellation: a server tears a subscription down by notifications/cancelled, and
/// SHOULD answer the request as well (subscriptions, "Graceful Closure"), in either order.
void Session::State::end_subscription(const Notification& notification, TimePoint now) {
  const auto id = integer_member(notification.params, "requestId");
  auto* call = id && era == Era::modern ? calls.find(*id) : nullptr;
  if (call == nullptr || call->method != "subscriptions/listen") return;
  call->ended_by_server = true;
  call->options.deadline = std::min(call->options.deadline, now + subscription_grace);
}

void Session::State::fail_call(std::int64_t id, Error error) {
  auto call = calls.take_given_up(id);
  settle_error(std::move(call), std::move(error));
}

void Session::State::reply(Call call, Result<Json> outcome) {
  if (call.on_reply) call.on_reply(std::move(outcome));
}

void Session::State::settle_result(Call call, Json result) {
  if (!result->is_object()) {
    auto error = protocol_error(call, "the result is not an object: " + quoted_json(*result));
    return reply(std::move(call), std::unexpected(std::move(error)));
  }
  const auto type = result->find("resultType");
  // 2026-07-28 basic, "ResultType": "clients MUST treat an absent resultType as "complete"", and
  // any value that they do not know as invalid.
  if (!call.is_modern() || type == result->end() || *type == "complete") {
    return reply(std::move(call), std::move(result));
  }
  if (*type == "input_required") return send_input(std::move(call), result);
  auto error = protocol_error(call, "unknown resultType " + quoted_json(*type));
  reply(std::move(call), std::unexpected(std::move(error)));
}

void Session::State::send_input(Call call, const Json& result) {
  if (!may_require_input(call.method)) {
    auto error = protocol_error(call, "the server requires input, which it must not do here");
    return reply(std::move(call), std::unexpected(std::move(error)));
  }
  if (++call.input_rounds > config.max_input_rounds) {
    auto error = protocol_error(call, fmt::format("the server still requires input after {} rounds",
                                                  config.max_input_rounds));
    error.kind = ErrorKind::limit;
    return reply(std::move(call), std::unexpected(std::move(error)));
  }
  const auto allowed = declared_capabilities(config.capabilities, *call.revision);
  auto retry = answer_input(call.params, result, allowed, config.elicitation);
  if (!retry) {
    auto error = protocol_error(call, retry.error().message);
    return reply(std::move(call), std::unexpected(std::move(error)));
  }
  call.params = std::move(retry->params);
  // mrtr, "Client Requirements": "The JSON-RPC id MUST be different".
  send_request(calls.next_id(), std::move(call));
  for (const auto& [request, described] : retry->answered) {
    observer.on_server_request(request, described);
  }
}

void Session::State::settle_error(Call call, Error error) {
  const bool refused = error.rpc_code == unsupported_protocol_version && call.is_modern();
  const auto chosen =
      refused ? newest_of(Era::modern, supported_versions(error)) : std::optional<Revision>();
  if (!chosen || call.version_retried) {
    return reply(std::move(call), std::unexpected(std::move(error)));
  }
  // 2026-07-28 versioning, "Protocol Version Negotiation": "The client SHOULD select a mutually
  // supported version from the supported list and retry the request".
  call.version_retried = true;
  call.revision = chosen;
  if (revision) revision = chosen;
  send_request(calls.next_id(), std::move(call));
}

void Session::State::report_unmatched(const RequestId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) {
    switch (calls.fate(*number)) {
      case CallTable::Fate::given_up:
        // cancellation: "SHOULD ignore any response to the cancelled request that arrives
        // afterward".
        observer.on_stray_answer(StrayAnswer::late);
        return calls.settle(*number);
      case CallTable::Fate::answered:
        observer.on_stray_answer(StrayAnswer::duplicate);
        return observer.on_warning(
            fmt::format("the server answered request {} more than once", *number));
      case CallTable::Fate::never_sent:
        observer.on_stray_answer(StrayAnswer::never_sent);
        return observer.on_warning(
            fmt::format("the server answered request {}, which was never sent", *number));
    }
  }
  observer.on_stray_answer(StrayAnswer::never_sent);
  const auto& text = std::get<std::string>(id);
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() &&
      calls.find(number) != nullptr) {
    // basic, "Responses": "MUST include the same ID as the request they correspond to".
    return observer.on_warning(
        fmt::format("the server answered with the string id {} instead of the number {}; the "
                    "answer was not taken",
                    quoted(text), number));
  }
  observer.on_warning(
      fmt::format("the server answered request {}, which was never sent", quoted(text, 100)));
}

void Session::State::count_message() {
  if (++messages_in_row <= config.max_notifications_in_row) return;
  messages_in_row = 0;
  const auto what = fmt::format("the server sent more than {} messages without an answer",
                                config.max_notifications_in_row);
  give_up_all(fail(ErrorKind::limit, what).error(), what);
}

}  // namespace mcp
