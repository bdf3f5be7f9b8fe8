#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mcp {

/// Text that came from a server, made safe for a terminal or a log: control characters, invalid
/// UTF-8, and characters that are invisible or change the direction of text become \n, \r, \t,
/// \xNN or \u{N}. `Lines::keep` leaves line feeds and tabs, and makes CRLF a line feed.
enum class Lines { escape, keep };
std::string printable(std::string_view text, Lines lines = Lines::escape);
/// Whether a code point beyond ASCII is one of those that `printable` escapes.
bool is_hidden(char32_t code_point);

/// `printable`, cut to `limit` bytes of input, with "… (N bytes)" after it where it was cut; and
/// the same with what is shown in double quotes.
std::string excerpt(std::string_view text, std::size_t limit);
std::string quoted(std::string_view bytes, std::size_t limit = 200);
/// Without these, an unqualified call with a string finds std::quoted where <iomanip> is there.
inline std::string quoted(const std::string& bytes, std::size_t limit = 200) {
  return quoted(std::string_view(bytes), limit);
}
inline std::string quoted(std::string& bytes, std::size_t limit = 200) {
  return quoted(std::string_view(bytes), limit);
}
inline std::string quoted(const char* bytes, std::size_t limit = 200) {
  return quoted(std::string_view(bytes), limit);
}

std::string base64(std::string_view bytes);
/// ASCII only, as header names and methods need it.
bool equals_ignoring_case(std::string_view left, std::string_view right);
std::string to_lower(std::string_view text);
std::string_view trim(std::string_view text);

/// The one of `candidates` that `text` is most likely a typo of; empty when none is near.
template <typename Range>
std::string nearest(std::string_view text, const Range& candidates);
std::size_t edit_distance(std::string_view left, std::string_view right);

template <typename Range>
std::string nearest(std::string_view text, const Range& candidates) {
  std::string best;
  std::size_t best_distance = text.size() / 3 + 2;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(text, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace mcp
