#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/wire/line_framer.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

constexpr std::size_t limit = 64;

/// All lines, and whether the stream was refused.
std::string framed(std::string_view bytes, std::size_t step) {
  mcp::LineFramer framer(limit);
  std::string out;
  while (!bytes.empty()) {
    const auto lines = framer.feed(bytes.substr(0, step));
    require(framer.rest().size() <= limit, "an unfinished line stays within the limit");
    if (!lines) return "refused";
    for (const auto& line : *lines) {
      require(!line.empty() && line.size() <= limit, "lines are not empty, and within the limit");
      out += line + "\n";
    }
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  return out + std::string(framer.rest());
}

}  // namespace

/// The lines do not depend on how the bytes were cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = framed(bytes, size + 1);
  for (const std::size_t step : {1UL, 2UL, 7UL}) {
    require(framed(bytes, step) == whole, "lines do not depend on the cuts");
  }
  return 0;
}
