#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mcp/wire/codec.hpp"
#include "tests/fuzz/fuzz_target.hpp"

/// Whatever decodes, encodes to one line that decodes to the same messages.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto messages = mcp::decode(text, {.bytes = 1UL << 20U, .depth = 64, .batch = 50});
  if (!messages) {
    require(!messages.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  for (const auto& message : *messages) {
    const auto line = mcp::encode(message);
    require(line.find('\n') == std::string::npos, "a message is one line");
    const auto again = mcp::decode(line);
    require(again.has_value() && again->size() == 1, "what was encoded can be decoded");
    require(mcp::encode(again->front()) == line, "decoding and encoding change nothing");
  }
  return 0;
}
