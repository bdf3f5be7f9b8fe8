#pragma once

#include <optional>
#include <span>
#include <string>

namespace cli {

/// One character a value, from ▁ for 0 to █ for the highest of them; a blank where there is none.
std::string sparkline(std::span<const std::optional<double>> values);

}  // namespace cli
