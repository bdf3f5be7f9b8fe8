#include "mcp/session/input_responder.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "mcp/base/text.hpp"
#include "mcp/session/elicitation.hpp"
#include "mcp/wire/json_text.hpp"

namespace mcp {
namespace {

using nlohmann::json;

Result<Request> read_input_request(const std::string& key, const json& value) {
  if (!value.is_object() || !value.contains("method") || !value["method"].is_string()) {
    return fail(ErrorKind::protocol, fmt::format("input request {} is malformed: {}",
                                                 quoted(key, 100), quoted_json(value)));
  }
  return Request{.id = key,
                 .method = value["method"].get<std::string>(),
                 .params = value.value("params", json())};
}

/// 2026-07-28 mrtr has no error answers: what cannot be given is either declined in the result's
/// own terms, or the whole call fails.
Result<ElicitationAnswer> answer(const Request& request, const ClientCapabilities& declared,
                                 ElicitationPolicy policy) {
  if (request.method == "elicitation/create" && declared.elicitation) {
    if (is_form_elicitation(request.params)) return answer_elicitation(request.params, policy);
    return ElicitationAnswer{.result = json{{"action", "decline"}},
                             .described = "declined: its mode was not declared"};
  }
  if (request.method == "roots/list" && declared.roots) {
    return ElicitationAnswer{.result = json{{"roots", json::array()}}, .described = "empty list"};
  }
  // mrtr, "Server Requirements": "MUST NOT send an inputRequests that the client has not declared
  // support for".
  return fail(ErrorKind::protocol,
              fmt::format("the server asks for {}, which the client did not declare (input "
                          "request {})",
                          quoted(request.method, 100), to_string(request.id)));
}

}  // namespace

bool may_require_input(const std::string& method) {
  return method == "tools/call" || method == "prompts/get" || method == "resources/read";
}

Result<InputRetry> answer_input(const Json& params, const Json& result,
                                const ClientCapabilities& declared, ElicitationPolicy policy) {
  const auto requests = result->find("inputRequests");
  const auto state = result->find("requestState");
  const auto end = result->end();
  if (requests == end && state == end) {
    // mrtr, "Server Requirements": "MUST include at least one of inputRequests or requestState".
    return fail(
        ErrorKind::protocol,
        "input_required with neither inputRequests nor requestState: " + quoted_json(*result));
  }
  if ((requests != end && !requests->is_object()) || (state != end && !state->is_string())) {
    return fail(ErrorKind::protocol, "input_required is malformed: " + quoted_json(*result));
  }
  json retry = params->is_object() ? *params : json::object();
  retry.erase("inputResponses");
  // mrtr, "Client Requirements": "If the InputRequiredResult does not contain a requestState
  // field, the client MUST NOT include one in the retry."
  retry.erase("requestState");
  if (state != end) retry["requestState"] = *state;
  InputRetry out;
  if (requests != end) {
    json responses = json::object();
    for (const auto& [key, value] : requests->items()) {
      auto request = read_input_request(key, value);
      if (!request) return std::unexpected(std::move(request.error()));
      auto given = answer(*request, declared, policy);
      if (!given) return std::unexpected(std::move(given.error()));
      responses[key] = *given->result;
      out.answered.emplace_back(*std::move(request), std::move(given->described));
    }
    retry["inputResponses"] = std::move(responses);
  }
  out.params = std::move(retry);
  return out;
}

}  // namespace mcp
