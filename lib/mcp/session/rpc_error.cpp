#include "mcp/session/rpc_error.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "mcp/base/text.hpp"
#include "mcp/wire/json_text.hpp"

namespace mcp {
namespace {

constexpr std::size_t longest_text = 500;

/// What a person can do about it; only codes whose data says so have a hint.
std::string hint_for(const Error& error) {
  if (error.rpc_code == unsupported_protocol_version) {
    const auto versions = supported_versions(error);
    if (versions.empty()) return {};
    return "the server supports " + excerpt(fmt::format("{}", fmt::join(versions, ", ")), 200);
  }
  if (error.rpc_code != missing_client_capability || !error.rpc_data) return {};
  const auto& data = **error.rpc_data;
  if (!data.is_object() || !data.contains("requiredCapabilities")) return {};
  return "the server requires the client capabilities " +
         excerpt(json_text(data["requiredCapabilities"]), 200);
}

}  // namespace

bool is_modern_error_code(std::int64_t code) {
  return code == header_mismatch || code == missing_client_capability ||
         code == unsupported_protocol_version;
}

Error to_error(const std::string& method, const ErrorResponse& response) {
  Error error;
  error.kind = ErrorKind::rpc;
  error.message = fmt::format("{}: server answered {}", printable(method), response.code);
  if (!response.message.empty()) error.message += ": " + excerpt(response.message, longest_text);
  error.rpc_code = response.code;
  error.rpc_data = response.data;
  error.hint = hint_for(error);
  return error;
}

std::vector<std::string> supported_versions(const Error& error) {
  std::vector<std::string> versions;
  if (!error.rpc_data || !(*error.rpc_data)->is_object()) return versions;
  const auto& data = **error.rpc_data;
  const auto supported = data.find("supported");
  if (supported == data.end() || !supported->is_array()) return versions;
  for (const auto& version : *supported) {
    if (version.is_string()) versions.push_back(version.get<std::string>());
  }
  return versions;
}

}  // namespace mcp
