#pragma once

#include <string_view>

namespace cli {

std::string_view version();

}  // namespace cli
