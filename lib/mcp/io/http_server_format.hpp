#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/header.hpp"

namespace mcp {

std::string_view reason_phrase(int status);

enum class BodyFraming { length, chunked, until_close, none };
enum class KeepAlive { yes, no };

struct ResponseHead {
  int status = 200;
  const HeaderList* headers = nullptr;  // may be absent
  BodyFraming framing = BodyFraming::length;
  std::size_t length = 0;
  KeepAlive keep_alive = KeepAlive::yes;
};

/// Appends status line, fields and the empty line.
void append_head(std::string& out, const ResponseHead& head);
/// Appends one chunk (RFC 9112 section 7.1); nothing for no bytes, as that would end the body.
void append_chunk(std::string& out, std::string_view bytes);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace mcp
