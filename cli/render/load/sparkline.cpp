#include "cli/render/load/sparkline.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cli {

std::string sparkline(std::span<const std::optional<double>> values) {
  constexpr std::array<std::string_view, 8> bars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double highest = 0;
  for (const auto& value : values) highest = std::max(highest, value.value_or(0));
  std::string text;
  for (const auto& value : values) {
    if (!value) {
      text += ' ';
      continue;
    }
    const double share = highest > 0 ? *value / highest : 0;
    const auto bar = static_cast<std::size_t>(share * static_cast<double>(bars.size()));
    text += bars[std::min(bar, bars.size() - 1)];
  }
  return text;
}

}  // namespace cli
