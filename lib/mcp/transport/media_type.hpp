#pragma once

#include <cstddef>
#include <string>

#include "mcp/io/http.hpp"

namespace mcp {

/// "application/json" of "Application/JSON; charset=utf-8"; empty where there is no Content-Type.
std::string media_type(const HttpResponseHead& head);

/// 0 where the field is absent or no number.
std::size_t content_length(const HttpResponseHead& head);

}  // namespace mcp
