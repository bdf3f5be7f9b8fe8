#include "scenarios/histogram_codec.hpp"

#include <fmt/core.h>

#include <bit>
#include <cstdint>
#include <optional>

#include "mcp/base/text.hpp"
#include "scenarios/zlib_stream.hpp"

namespace scenarios {
namespace {

constexpr std::uint32_t counts_cookie = 0x1c849313;
constexpr std::uint32_t zlib_cookie = 0x1c849314;
constexpr std::size_t head_size = 40;
// 25,000 buckets of at most nine bytes, rounded up.
constexpr std::size_t most_bytes = 1U << 20;

std::unexpected<mcp::Error> refuse(std::string_view why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("not an HdrHistogram in V2 form: {}", why));
}

template <typename Number>
void put(std::string& bytes, Number number) {
  for (int shift = sizeof number * 8 - 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> shift & 0xff);
}

std::uint64_t get(std::string_view bytes, std::size_t from, std::size_t size) {
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(from, size))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

// LEB128 of at most nine bytes, the ninth with eight bits; the sign is the lowest bit.
void put_zigzag(std::string& bytes, std::int64_t number) {
  auto rest = static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
  for (int length = 1; length < 9 && rest > 0x7f; ++length) {
    bytes += static_cast<char>((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  bytes += static_cast<char>(rest);
}

std::optional<std::int64_t> get_zigzag(std::string_view bytes, std::size_t& at) {
  std::uint64_t number = 0;
  for (unsigned length = 0; length < 9; ++length) {
    if (at == bytes.size()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    const bool last = length == 8 || (byte & 0x80) == 0;
    number |= static_cast<std::uint64_t>(length == 8 ? byte : byte & 0x7f) << (7 * length);
    if (last) break;
  }
  return static_cast<std::int64_t>(number >> 1 ^ (~(number & 1) + 1));
}

std::string payload_of(const Histogram& histogram) {
  std::string payload;
  std::int64_t zeros = 0;
  for (std::size_t index = 0; index < histogram.bucket_count(); ++index) {
    const std::uint64_t count = histogram.count_at(index);
    if (count == 0) {
      ++zeros;
      continue;
    }
    if (zeros != 0) put_zigzag(payload, -zeros);
    zeros = 0;
    put_zigzag(payload, static_cast<std::int64_t>(count));
  }
  return payload;
}

int sextet(char letter) {
  if (letter >= 'A' && letter <= 'Z') return letter - 'A';
  if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
  if (letter >= '0' && letter <= '9') return letter - '0' + 52;
  return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t window = 0;
  unsigned held = 0;
  for (const char letter : text) {
    const int value = sextet(letter);
    if (value < 0) return std::nullopt;
    window = window << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(window >> held & 0xff);
  }
  return bytes;
}

mcp::Result<Histogram> counts_of(std::string_view payload, Digits digits) {
  Histogram histogram(digits);
  const std::size_t buckets = Histogram::buckets(digits);
  std::size_t index = 0;
  for (std::size_t at = 0; at < payload.size();) {
    const auto number = get_zigzag(payload, at);
    if (!number) return refuse("its counts end too early");
    const auto left = buckets - index;
    const std::uint64_t width = *number < 0 ? ~static_cast<std::uint64_t>(*number) + 1 : 1;
    // A writer may fill its array up with zeros beyond our hour, never with counts.
    if (width > left && *number < 0 && at == payload.size()) break;
    if (width > left) return refuse("it counts values of more than an hour");
    if (*number > 0) histogram.add_at(index, static_cast<std::uint64_t>(*number));
    index += static_cast<std::size_t>(width);
  }
  return histogram;
}

}  // namespace

std::string encode_histogram(const Histogram& histogram) {
  const std::string payload = payload_of(histogram);
  std::string bytes;
  put(bytes, counts_cookie);
  put(bytes, static_cast<std::uint32_t>(payload.size()));
  put(bytes, std::uint32_t{0});  // normalizing index offset
  put(bytes, static_cast<std::uint32_t>(histogram.digits()));
  put(bytes, std::uint64_t{1});  // lowest discernible value
  put(bytes, Histogram::highest);
  put(bytes, std::bit_cast<std::uint64_t>(1.0));  // integer to double conversion ratio
  const std::string stream = zlib_deflate(bytes + payload);
  std::string framed;
  put(framed, zlib_cookie);
  put(framed, static_cast<std::uint32_t>(stream.size()));
  return mcp::base64(framed + stream);
}

mcp::Result<Histogram> decode_histogram(std::string_view base64) {
  const auto framed = from_base64(base64);
  if (!framed) return refuse("it is no base64");
  if (framed->size() < 8 || get(*framed, 0, 4) != zlib_cookie)
    return refuse("it does not begin with the cookie of a compressed histogram");
  if (get(*framed, 4, 4) != framed->size() - 8) return refuse("its length is wrong");
  const auto bytes = zlib_inflate(std::string_view(*framed).substr(8), most_bytes);
  if (!bytes) return refuse(bytes.error().message);
  if (bytes->size() < head_size || get(*bytes, 0, 4) != counts_cookie)
    return refuse("it does not begin with the cookie of a histogram");
  if (get(*bytes, 4, 4) != bytes->size() - head_size) return refuse("its counts' length is wrong");
  const std::uint64_t digits = get(*bytes, 12, 4);
  if (digits != 2 && digits != 3) return refuse("it has other than two or three digits");
  // The offset before the digits is left unread: hdr-histogram-js writes 1 there and shifts
  // nothing.
  if (get(*bytes, 16, 8) != 1) return refuse("it does not count in units of 1");
  return counts_of(std::string_view(*bytes).substr(head_size), static_cast<Digits>(digits));
}

}  // namespace scenarios
