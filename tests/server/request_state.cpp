#include "tests/server/request_state.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace mcp::testserver {

namespace {

std::string hex(const unsigned char* bytes, std::size_t count) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < count; ++at) {
    out += digits[bytes[at] >> 4];
    out += digits[bytes[at] & 15];
  }
  return out;
}

/// Takes the number in front of `separator` off the text.
std::optional<std::int64_t> take_number(std::string_view& text, char separator) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data() + text.size() || *end != separator) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return value;
}

}  // namespace

std::string RequestState::mac(std::string_view payload, std::string_view request) const {
  // The payload has no NUL, so payload and request cannot be shifted against each other.
  std::string text(payload);
  text += '\0';
  text += request;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return hex(digest.data(), size);
}

std::string RequestState::seal(int round, std::string_view request, std::int64_t expires) const {
  const auto payload = std::to_string(round) + "." + std::to_string(expires) + ".";
  return payload + mac(payload, request);
}

std::optional<int> RequestState::open(std::string_view sealed, std::string_view request,
                                      std::int64_t now) const {
  const auto mark = sealed.rfind('.');
  if (mark == std::string_view::npos) return std::nullopt;
  const auto payload = sealed.substr(0, mark + 1);
  const auto given = sealed.substr(mark + 1);
  const auto wanted = mac(payload, request);
  if (given.size() != wanted.size() ||
      CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) != 0) {
    return std::nullopt;
  }
  auto rest = payload;
  const auto round = take_number(rest, '.');
  const auto expires = take_number(rest, '.');
  if (!round || !expires || *expires < now) return std::nullopt;
  return static_cast<int>(*round);
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  auto* data = reinterpret_cast<unsigned char*>(raw.data());
  if (RAND_bytes(data, static_cast<int>(bytes)) != 1) throw std::runtime_error("no random bytes");
  return hex(data, bytes);
}

}  // namespace mcp::testserver
