#include "mcp/io/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::optional<WallTime> to_wall_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string subject_of(const X509* certificate) {
  const std::unique_ptr<BIO, FreeBio> text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0,
                     XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &bytes);
  return printable({bytes, static_cast<std::size_t>(size)});
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  const bool is_address = family == AF_INET || ASN1_STRING_length(bytes) == 16;
  if (!is_address) return "an unreadable address";
  return inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
}

std::vector<std::string> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> entries(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  for (int i = 0; entries && i < sk_GENERAL_NAME_num(entries.get()); ++i) {
    const auto* entry = sk_GENERAL_NAME_value(entries.get(), i);
    if (entry->type == GEN_DNS) {
      const auto* name = entry->d.dNSName;
      names.push_back(printable({reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
                                 static_cast<std::size_t>(ASN1_STRING_length(name))}));
    } else if (entry->type == GEN_IPADD) {
      names.push_back(address_text(entry->d.iPAddress));
    }
  }
  return names;
}

void read_chain(const STACK_OF(X509) * chain, CertificateFacts& facts) {
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const auto expiry = to_wall_time(X509_get0_notAfter(sk_X509_value(chain, i)));
    if (expiry && (!facts.earliest_expiry || *expiry < *facts.earliest_expiry)) {
      facts.earliest_expiry = expiry;
    }
  }
}

void read_verification(X509_STORE_CTX* store, CertificateFacts& facts) {
  facts.verify_error = X509_STORE_CTX_get_error(store);
  if (auto* leaf = X509_STORE_CTX_get0_cert(store)) {
    facts.subject = subject_of(leaf);
    facts.names = names_of(leaf);
  }
  read_chain(X509_STORE_CTX_get0_untrusted(store), facts);
  if (facts.verify_error == X509_V_OK) return;
  if (auto* failing = X509_STORE_CTX_get_current_cert(store)) {
    facts.failing_is_server = X509_STORE_CTX_get_error_depth(store) == 0;
    facts.failing_subject = subject_of(failing);
    facts.failing_not_before = to_wall_time(X509_get0_notBefore(failing));
    facts.failing_not_after = to_wall_time(X509_get0_notAfter(failing));
  }
}

int verify(X509_STORE_CTX* store, void* facts) noexcept {
  const int verdict = X509_verify_cert(store);
  read_verification(store, *static_cast<CertificateFacts*>(facts));
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  SSL_CTX_set_cert_verify_callback(SSL_get_SSL_CTX(ssl), nullptr, nullptr);
  return verdict > 0 ? 1 : 0;
}

}  // namespace

void record_certificates(void* ssl_context, CertificateFacts& facts) {
  SSL_CTX_set_cert_verify_callback(static_cast<SSL_CTX*>(ssl_context), verify, &facts);
}

}  // namespace mcp
