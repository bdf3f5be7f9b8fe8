#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "mcp/base/json.hpp"

namespace mcp {

/// JSON-RPC id: a string or an integer, never null (2025-11-25 basic, "Requests").
using RequestId = std::variant<std::int64_t, std::string>;

std::string to_string(const RequestId& id);

struct Request {
  RequestId id;
  std::string method;
  Json params;  // null when absent
};

struct Notification {
  std::string method;
  Json params;  // null when absent
};

struct ResultResponse {
  RequestId id;
  Json result;
};

struct ErrorResponse {
  std::optional<RequestId> id;  // absent or null where the peer could not read it
  std::int64_t code = 0;
  std::string message;
  std::optional<Json> data;
};

using Message = std::variant<Request, Notification, ResultResponse, ErrorResponse>;

}  // namespace mcp
