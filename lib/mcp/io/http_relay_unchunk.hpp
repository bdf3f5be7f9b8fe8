#pragma once

#include <string>
#include <string_view>

namespace mcp {

/// The data of a chunked body that RelayBody has found whole.
std::string unchunk(std::string_view body);

}  // namespace mcp
