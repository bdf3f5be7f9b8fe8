#pragma once

#include <string>
#include <string_view>

#include "mcp/base/url.hpp"
#include "mcp/io/http.hpp"

namespace mcp {

/// The bytes of an HTTP/1.1 request (RFC 9112 section 3), head and body, in the order in which
/// libcurl would write them. A field that would break the framing, or says something else than the
/// body's true length, is an error of kind usage.
Result<std::string> write_request(const HttpRequest& request, const Url& url,
                                  const std::string& user_agent);

/// RFC 9110 section 9.2.2: sending it twice means what sending it once does.
bool is_idempotent_method(std::string_view method);

}  // namespace mcp
