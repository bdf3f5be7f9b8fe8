#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcp/session/revision.hpp"

namespace mcp::testserver {

/// Error codes of JSON-RPC 2.0 and of the specification (2026-07-28 basic, "Error Codes").
namespace code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
inline constexpr int refused = -32000;             // what legacy servers say with a 4xx status
inline constexpr int resource_not_found = -32002;  // legacy only
inline constexpr int header_mismatch = -32020;
inline constexpr int missing_capability = -32021;
inline constexpr int unsupported_version = -32022;
}  // namespace code

/// Keys of `_meta` (2026-07-28 basic, "_meta").
namespace meta {
inline constexpr std::string_view version = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view client_capabilities =
    "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view log_level = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view subscription = "io.modelcontextprotocol/subscriptionId";
inline constexpr std::string_view server_info = "io.modelcontextprotocol/serverInfo";
}  // namespace meta

// JSON-RPC texts. Parameters named `raw_…` are JSON text and go in as they are.
std::string result_text(std::string_view raw_id, std::string_view raw_result);
/// No `id` where `raw_id` is empty: the request's could not be read.
std::string error_text(std::string_view raw_id, int error_code, std::string_view message,
                       std::string_view raw_data = {});
std::string notification_text(std::string_view method, std::string_view raw_params);
std::string request_text(std::string_view raw_id, std::string_view method,
                         std::string_view raw_params);

/// `{"supported":[…],"requested":"…"}`; without `requested` where there is none.
std::string version_data(const std::vector<Revision>& supported, std::string_view requested);
std::string version_list(const std::vector<Revision>& supported);  // a JSON array

/// 0 debug … 7 emergency; -1: not a level.
int log_level_rank(std::string_view name);

}  // namespace mcp::testserver
