#include "probes/health/options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace probes {
namespace {

constexpr std::array<std::pair<Depth, std::string_view>, 5> depths = {{
    {Depth::tcp, "tcp"},
    {Depth::tls, "tls"},
    {Depth::handshake, "handshake"},
    {Depth::tools, "tools"},
    {Depth::call, "call"},
}};

}  // namespace

std::string_view to_string(Depth depth) {
  return std::ranges::find(depths, depth, &std::pair<Depth, std::string_view>::first)->second;
}

std::optional<Depth> parse_depth(std::string_view text) {
  for (const auto& [depth, name] : depths)
    if (name == text) return depth;
  return std::nullopt;
}

}  // namespace probes
