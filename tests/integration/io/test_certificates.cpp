#include "tests/integration/io/test_certificates.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

namespace mcp {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

EVP_PKEY* make_key() {
  return EVP_EC_gen("P-256");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  REQUIRE(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Not signed yet.
X509* make_certificate(const CertificateRequest& request, EVP_PKEY* key, X509* issuer) {
  static long serial = 1;
  auto* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), request.from.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate), request.until.count());
  X509_set_pubkey(certificate, key);
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(request.common_name.c_str()),
                             -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer : certificate));
  std::string names;
  for (const auto& entry : request.names) names += (names.empty() ? "" : ",") + entry;
  if (!names.empty()) {
    add_extension(certificate, issuer ? issuer : certificate, NID_subject_alt_name, names);
  }
  return certificate;
}

void write_certificate(const File& file, X509* certificate) {
  REQUIRE(PEM_write_X509(file.get(), certificate) == 1);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  auto pattern = (std::filesystem::temp_directory_path() / "mcpctl-test-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::filesystem::remove_all(path_);
}

TestAuthority::TestAuthority(std::string name) : key_(make_key()) {
  const CertificateRequest request{.common_name = std::move(name), .names = {}};
  certificate_ = make_certificate(request, key_, nullptr);
  add_extension(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate_, key_, EVP_sha256());
  ca_file_ = directory_.path("ca.pem");
  write_certificate(File(std::fopen(ca_file_.c_str(), "w")), certificate_);
}

TestAuthority::~TestAuthority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

TlsServerFiles TestAuthority::issue(const CertificateRequest& request) {
  auto* key = make_key();
  auto* certificate = make_certificate(request, key, certificate_);
  X509_sign(certificate, key_, EVP_sha256());
  return write(certificate, key, false);
}

TlsServerFiles TestAuthority::issue_with_root(const CertificateRequest& request) {
  auto* key = make_key();
  auto* certificate = make_certificate(request, key, certificate_);
  X509_sign(certificate, key_, EVP_sha256());
  return write(certificate, key, true);
}

TlsServerFiles TestAuthority::self_signed(const CertificateRequest& request) {
  auto* key = make_key();
  auto* certificate = make_certificate(request, key, nullptr);
  X509_sign(certificate, key, EVP_sha256());
  return write(certificate, key, false);
}

TlsServerFiles TestAuthority::write(X509* certificate, EVP_PKEY* key, bool with_root) {
  const auto base = std::to_string(count_++);
  TlsServerFiles files{.certificate = directory_.path(base + ".pem"),
                       .key = directory_.path(base + ".key")};
  {
    const File out(std::fopen(files.certificate.c_str(), "w"));
    write_certificate(out, certificate);
    if (with_root) write_certificate(out, certificate_);
  }
  const File out(std::fopen(files.key.c_str(), "w"));
  REQUIRE(PEM_write_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return files;
}

}  // namespace mcp
