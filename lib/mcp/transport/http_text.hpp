#pragma once

#include <string>

#include "mcp/transport/http_failure.hpp"

namespace mcp {

/// "HTTP 503 Service Unavailable".
std::string describe_status(int status);
/// What a person needs of a body: the title of an HTML page, else its start; safe to print.
std::string describe_body(const HttpAnswer& answer);

}  // namespace mcp
