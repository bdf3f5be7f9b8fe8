#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::testserver {

/// Seals what a multi round-trip request has to remember into an opaque text and opens it again
/// (2026-07-28 mrtr, "Server Requirements": integrity by HMAC, an expiry, bound to the request).
class RequestState {
 public:
  /// Servers with the same key accept each other's states, as replicas behind a balancer must.
  explicit RequestState(std::string key) : key_(std::move(key)) {}

  std::string seal(int round, std::string_view request, std::int64_t expires) const;
  /// The round; nothing when the text was not sealed for this request, or `now` is past its
  /// expiry. Times are in seconds of the Unix epoch.
  std::optional<int> open(std::string_view sealed, std::string_view request,
                          std::int64_t now) const;

 private:
  std::string mac(std::string_view payload, std::string_view request) const;
  std::string key_;
};

/// For session ids and keys: `bytes` random bytes as hexadecimal digits.
std::string random_hex(std::size_t bytes);

}  // namespace mcp::testserver
