#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mcp {

using WallTime = std::chrono::system_clock::time_point;

/// What a server's certificates say, and what the verification made of them. `verify_error` is an
/// X509_V_ code; the failing certificate is the one that it is about.
struct CertificateFacts {
  int verify_error = 0;
  std::string subject;             // of the server's own certificate
  std::vector<std::string> names;  // the hosts and addresses that it is for
  std::optional<WallTime> earliest_expiry;
  bool failing_is_server = true;
  std::string failing_subject;
  std::optional<WallTime> failing_not_before;
  std::optional<WallTime> failing_not_after;
};

/// Makes the next verification of an SSL_CTX fill `facts`, whether it succeeds or not. Only that
/// one: a connection outlives the exchange that made it.
void record_certificates(void* ssl_context, CertificateFacts& facts);

}  // namespace mcp
