#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace mcp {

/// An absolute http or https URL (RFC 3986), normalised: lower-case scheme and host, port filled
/// in.
struct Url {
  std::string scheme;
  std::string host;  // an IPv6 address stands without brackets
  std::uint16_t port = 0;
  std::string target;  // path and query, begins with '/'

  bool is_https() const { return scheme == "https"; }
  /// The text form; the port is left out where it is the scheme's default.
  std::string to_string() const;
  /// scheme://host:port, for messages and cache keys.
  std::string origin() const;
};

/// Errors are of kind usage and name the text. User information and fragments are refused: a
/// credential in a URL would end up in process lists and logs.
Result<Url> parse_url(std::string_view text);

/// Resolves a reference against a base (RFC 3986 section 5).
Result<Url> resolve_reference(const Url& base, std::string_view reference);

/// RFC 6454: same scheme, host and port.
bool same_origin(const Url& left, const Url& right);

}  // namespace mcp
