#include "mcp/session/server_requests.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/session/elicitation.hpp"
#include "mcp/session/rpc_error.hpp"

namespace mcp {
namespace {

using nlohmann::json;

ServerRequestAnswer give(const Request& request, Json result, std::string described) {
  return {.reply = ResultResponse{.id = request.id, .result = std::move(result)},
          .described = std::move(described)};
}

ServerRequestAnswer refuse(const Request& request, std::int64_t code, std::string message,
                           std::string described) {
  ErrorResponse error;
  error.id = request.id;
  error.code = code;
  error.message = std::move(message);
  return {.reply = std::move(error), .described = std::move(described)};
}

}  // namespace

ServerRequestAnswer answer_server_request(const Request& request,
                                          const ClientCapabilities& declared,
                                          ElicitationPolicy policy) {
  // 2025-11-25 ping: "The receiver MUST respond promptly with an empty response."
  if (request.method == "ping") return give(request, json::object(), "answered");
  if (request.method == "roots/list" && declared.roots) {
    return give(request, json{{"roots", json::array()}}, "empty list");
  }
  if (request.method == "sampling/createMessage" && declared.sampling) {
    // 2025-11-25 sampling, "Error Handling".
    return refuse(request, -1, "User rejected sampling request", "declined");
  }
  if (request.method == "elicitation/create" && declared.elicitation) {
    if (!is_form_elicitation(request.params)) {
      // 2025-11-25 elicitation, "Error Handling": "a mode not declared in client capabilities:
      // -32602".
      return refuse(request, invalid_params, "Only form mode elicitation is supported",
                    "refused: its mode was not declared");
    }
    auto answer = answer_elicitation(request.params, policy);
    return give(request, std::move(answer.result), std::move(answer.described));
  }
  // 2025-11-25 roots, "Error Handling": a capability that the client lacks is an unknown method.
  return refuse(request, method_not_found, "Method not found: " + request.method,
                "refused: unknown method or undeclared capability");
}

}  // namespace mcp
