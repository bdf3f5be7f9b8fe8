#include "tests/server/access.hpp"

#include <algorithm>

#include "mcp/base/text.hpp"
#include "mcp/base/url.hpp"
#include "tests/server/http_channels.hpp"

namespace mcp::testserver {

namespace {

std::string_view bearer_token(const HttpServerRequest& request) {
  const auto field = request.find("Authorization");
  if (!field || field->size() < 7 || !equals_ignoring_case(field->substr(0, 7), "Bearer ")) {
    return {};
  }
  return trim(field->substr(7));
}

}  // namespace

bool is_allowed_origin(std::string_view origin, const std::vector<std::string>& allowed) {
  if (std::ranges::find(allowed, origin) != allowed.end()) return true;
  const auto url = parse_url(origin);
  return url && (url->host == "localhost" || url->host == "127.0.0.1" || url->host == "::1");
}

bool Access::admits(const HttpServerRequest& request) const {
  if (is_open()) return true;
  const auto token = bearer_token(request);
  return std::ranges::find(options_.tokens, token) != options_.tokens.end();
}

/// As the client sees us. The Host field goes into an answer, so it must look like a host.
std::string Access::origin(const HttpServerRequest& request) const {
  const auto host = request.find("Host").value_or("localhost");
  const bool sound = host.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789.-:[]") == std::string_view::npos;
  return (options_.tls ? "https://" : "http://") + std::string(sound ? host : "localhost");
}

void Access::refuse(const HttpServerRequest& request, HttpResponder& responder) const {
  auto challenge = "Bearer resource_metadata=\"" + origin(request) + std::string(metadata_path) +
                   std::string(request.path) + "\"";
  // RFC 6750 section 3.1: no error code for a request without any credential.
  if (!bearer_token(request).empty()) challenge += ", error=\"invalid_token\"";
  const HeaderList headers{{.name = "WWW-Authenticate", .value = challenge},
                           {.name = "Content-Type", .value = "application/json"}};
  responder.respond(401, headers, R"({"error":"unauthorized"})");
}

void Access::describe(const HttpServerRequest& request, HttpResponder& responder) const {
  if (is_open()) return responder.respond(404, {}, {});
  const auto ours = origin(request);
  auto path = std::string(request.path.substr(metadata_path.size()));
  if (path.empty()) path = "/mcp";
  const auto server = options_.authorization_server.empty() ? ours : options_.authorization_server;
  responder.respond(200, json_type,
                    R"({"resource":)" + json_string(ours + path) + R"(,"authorization_servers":[)" +
                        json_string(server) + R"(],"bearer_methods_supported":["header"]})");
}

}  // namespace mcp::testserver
