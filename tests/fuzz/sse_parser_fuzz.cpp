#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/wire/sse_parser.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

constexpr mcp::SseLimits limits = {.event_bytes = 200, .line_bytes = 64};

/// Everything that the parser tells about a stream.
std::string parsed(std::string_view bytes, std::size_t step) {
  mcp::SseParser parser(limits);
  std::string out;
  while (!bytes.empty()) {
    const auto events = parser.feed(bytes.substr(0, step));
    if (!events) return "refused";
    for (const auto& event : *events) {
      require(!event.data.empty(), "an event has data");
      require(event.data.size() <= limits.event_bytes, "an event stays within the limit");
      require(!event.type.empty(), "an event has a type");
      out += event.type + '\0' + event.data + '\0' + event.last_event_id + '\0';
    }
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  require(parser.last_event_id().find('\0') == std::string::npos, "an id has no NUL");
  require(!parser.retry() || parser.retry()->count() >= 0, "retry is not negative");
  out += parser.last_event_id() + '\0' + std::to_string(parser.comments());
  return out + '\0' + (parser.retry() ? std::to_string(parser.retry()->count()) : "none");
}

}  // namespace

/// What is told does not depend on how the bytes were cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = parsed(bytes, size + 1);
  for (const std::size_t step : {1UL, 2UL, 7UL}) {
    require(parsed(bytes, step) == whole, "events do not depend on the cuts");
  }
  return 0;
}
