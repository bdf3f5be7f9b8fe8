#include "mcp/io/trust_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace mcp {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_hash_name(std::string_view name) {
  return name.size() >= 10 && name[8] == '.' && std::ranges::all_of(name.substr(0, 8), [](char c) {
           return hex_digits.find(c) != std::string_view::npos;
         });
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  return value ? value : "";
}

}  // namespace

bool is_hashed_directory(const std::string& path) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_hash_name(entry->path().filename().native())) return true;
  }
  return false;
}

TrustStore find_trust_store() {
  TrustStore store{.bundle = environment("SSL_CERT_FILE"),
                   .directory = environment("SSL_CERT_DIR")};
  if (!store.bundle.empty() || !store.directory.empty()) return store;
  for (const char* directory : {"/etc/ssl/certs", "/etc/pki/tls/certs"}) {
    if (is_hashed_directory(directory)) return {.directory = directory};
  }
  return {};
}

}  // namespace mcp
