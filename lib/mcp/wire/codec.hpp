#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

struct DecodeLimits {
  std::size_t bytes = 64UL * 1024 * 1024;  // of one message text
  std::size_t depth = 256;                 // of nested arrays and objects
  std::size_t values = 1'000'000;          // in one message text, all levels together
  std::size_t batch = 1000;                // messages in one batch
};

/// Turns one JSON text into messages: one object, or a batch array (2025-03-26 basic, "Batching").
/// A text that is not JSON, too deep, too long or of an unknown shape is a protocol or limit error
/// that quotes the offending bytes.
Result<std::vector<Message>> decode(std::string_view text, const DecodeLimits& limits = {});

/// One line without line feeds: newlines in strings are escaped by JSON itself
/// (stdio: "MUST NOT contain embedded newlines"). Invalid UTF-8 in our own input is replaced.
std::string encode(const Message& message);

}  // namespace mcp
