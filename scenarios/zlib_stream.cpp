#include "scenarios/zlib_stream.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

#include "scenarios/inflater.hpp"

namespace scenarios {
namespace {

constexpr std::size_t longest_stored = 65535;

// RFC 1950 section 8.2.
std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (const char byte : bytes) {
    low = (low + static_cast<unsigned char>(byte)) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16 | low;
}

std::uint32_t big_endian(std::string_view four) {
  std::uint32_t value = 0;
  for (const char byte : four) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::unexpected<mcp::Error> damaged(std::string why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("damaged zlib stream: {}", why));
}

}  // namespace

std::string zlib_stored(std::string_view bytes) {
  std::string stream = "\x78\x01";
  std::size_t from = 0;
  do {
    const std::size_t length = std::min(longest_stored, bytes.size() - from);
    const bool last = from + length == bytes.size();
    stream += static_cast<char>(last ? 1 : 0);
    for (const std::size_t word : {length, longest_stored - length}) {
      stream += static_cast<char>(word & 0xff);
      stream += static_cast<char>(word >> 8);
    }
    stream += bytes.substr(from, length);
    from += length;
  } while (from < bytes.size());
  const std::uint32_t sum = adler32(bytes);
  for (int shift = 24; shift >= 0; shift -= 8) stream += static_cast<char>(sum >> shift & 0xff);
  return stream;
}

mcp::Result<std::string> zlib_inflate(std::string_view stream, std::size_t limit) {
  if (stream.size() < 6) return damaged("it is shorter than its frame");
  const auto method = static_cast<unsigned char>(stream[0]);
  const auto flags = static_cast<unsigned char>(stream[1]);
  if ((method & 0x0f) != 8 || (method * 256U + flags) % 31 != 0 || (flags & 0x20) != 0)
    return damaged("its header is not that of deflate without a dictionary");
  auto bytes = inflate(stream.substr(2, stream.size() - 6), limit);
  if (!bytes) return damaged(bytes.error());
  if (adler32(*bytes) != big_endian(stream.substr(stream.size() - 4)))
    return damaged("its checksum is wrong");
  return *bytes;
}

}  // namespace scenarios
