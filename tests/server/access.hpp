#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/server/inbound.hpp"

namespace mcp::testserver {

/// Loopback origins, and those that are allowed by name (2025-11-25 transports, "Security
/// Warning").
bool is_allowed_origin(std::string_view origin, const std::vector<std::string>& allowed);

/// Bearer tokens and what the server says to those without one (RFC 6750, RFC 9728).
class Access {
 public:
  struct Options {
    std::vector<std::string> tokens;  // empty: everybody may enter
    std::string authorization_server;
    bool tls = false;
  };
  explicit Access(Options options) : options_(std::move(options)) {}

  bool admits(const HttpServerRequest& request) const;
  void refuse(const HttpServerRequest& request, HttpResponder& responder) const;
  /// The protected resource metadata of the MCP endpoint.
  void describe(const HttpServerRequest& request, HttpResponder& responder) const;
  bool is_open() const { return options_.tokens.empty(); }

 private:
  std::string origin(const HttpServerRequest& request) const;
  Options options_;
};

inline constexpr std::string_view metadata_path = "/.well-known/oauth-protected-resource";

}  // namespace mcp::testserver
