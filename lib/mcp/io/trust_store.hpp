#pragma once

#include <string>

namespace mcp {

/// Where the certificates of the trusted authorities are. Both empty: the library's default.
struct TrustStore {
  std::string bundle;
  std::string directory;  // hashed: OpenSSL reads only the certificates that it needs
};

/// SSL_CERT_DIR and SSL_CERT_FILE where set (containers made from scratch have nothing else), then
/// the system's hashed directory. A bundle of 145 certificates takes 15 to 20 ms to parse, so it is
/// left to the library as the last resort.
TrustStore find_trust_store();

/// Whether a directory has entries as `openssl rehash` makes them ("5ed36f99.0").
bool is_hashed_directory(const std::string& path);

}  // namespace mcp
