#include "mcp/base/error.hpp"

#include <utility>

namespace mcp {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::resolve:
      return "resolve";
    case ErrorKind::connect:
      return "connect";
    case ErrorKind::tls:
      return "tls";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::http:
      return "http";
    case ErrorKind::auth:
      return "auth";
    case ErrorKind::protocol:
      return "protocol";
    case ErrorKind::rpc:
      return "rpc";
    case ErrorKind::session_lost:
      return "session-lost";
    case ErrorKind::tool_error:
      return "tool-error";
    case ErrorKind::empty:
      return "empty";
    case ErrorKind::drift:
      return "drift";
    case ErrorKind::limit:
      return "limit";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  std::unreachable();
}

std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return std::unexpected(std::move(error));
}

}  // namespace mcp
