#pragma once

#include <string>
#include <string_view>

namespace mcp::schema {

struct UriParts {
  std::string without_fragment;
  std::string fragment;  // percent-decoded
};

/// Resolves a URI reference of any scheme against a base, which may be empty (RFC 3986 section
/// 5.2). Total: text that is no URI comes back as it is.
std::string resolve_uri(std::string_view base, std::string_view reference);
UriParts split_fragment(std::string_view uri);

}  // namespace mcp::schema
