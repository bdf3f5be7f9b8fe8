#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/integration/io/raw_server.hpp"

namespace mcp {

/// A directory that goes with its object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

struct CertificateRequest {
  std::string common_name = "test server";
  std::vector<std::string> names = {"IP:127.0.0.1"};  // OpenSSL's form: "DNS:a", "IP:127.0.0.1"
  std::chrono::seconds from{-3600};                   // from now
  std::chrono::seconds until{30L * 24 * 3600};
};

/// An authority of its own for each test, and what it issued, as PEM files.
class TestAuthority {
 public:
  explicit TestAuthority(std::string name = "test authority");
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  const std::string& ca_file() const { return ca_file_; }
  TlsServerFiles issue(const CertificateRequest& request = {});
  TlsServerFiles self_signed(const CertificateRequest& request = {});
  /// Issued, with the authority's own certificate after it.
  TlsServerFiles issue_with_root(const CertificateRequest& request = {});

 private:
  TlsServerFiles write(X509* certificate, EVP_PKEY* key, bool with_root);

  TemporaryDirectory directory_;
  int count_ = 0;
  EVP_PKEY* key_;
  X509* certificate_;
  std::string ca_file_;
};

}  // namespace mcp
