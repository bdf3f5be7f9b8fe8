#include "mcp/io/tls_failure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <ctime>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

Error tls(std::string message, std::string hint = {}) {
  return {.kind = ErrorKind::tls, .message = std::move(message), .hint = std::move(hint)};
}

std::string date(const std::optional<WallTime>& time) {
  if (!time) return "an unreadable date";
  const auto seconds = std::chrono::system_clock::to_time_t(*time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts)};
}

/// "the certificate of HOST:PORT", or the one above it that failed.
std::string whose(const CurlFailure& failure) {
  const auto& facts = failure.certificates;
  const auto where = host_and_port(failure.url);
  if (facts.failing_is_server) return fmt::format("the certificate of {}", where);
  return fmt::format("the authority's certificate ({}) behind {}", facts.failing_subject, where);
}

Error wrong_host(const CurlFailure& failure) {
  constexpr std::size_t shown = 5;
  auto names = failure.certificates.names;
  if (names.size() > shown) {
    names.resize(shown);
    names.emplace_back("…");
  }
  const auto is_for =
      names.empty() ? failure.certificates.subject : fmt::format("{}", fmt::join(names, ", "));
  return tls(fmt::format("the certificate of {} is not for {}: it is for {}",
                         host_and_port(failure.url), failure.url.host, is_for),
             "use a name that the certificate has, or give the server one with this name");
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

Error describe_certificate(const CurlFailure& failure) {
  const auto& facts = failure.certificates;
  const auto where = host_and_port(failure.url);
  switch (facts.verify_error) {
    case X509_V_OK:
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return wrong_host(failure);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return tls(fmt::format("{} expired on {}", whose(failure), date(facts.failing_not_after)),
                 "renew the certificate");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return tls(
          fmt::format("{} is not valid before {}", whose(failure), date(facts.failing_not_before)),
          "check this machine's clock, and the certificate");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return tls(fmt::format("the certificate of {} is self-signed", where),
                 "give it with --cacert, or look without verification with --insecure");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return tls(fmt::format("the certificate of {} was issued by an authority that is not trusted "
                             "here: {}",
                             where, facts.failing_subject),
                 "give the authority's certificate with --cacert");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return tls(fmt::format("the certificate of {} was issued by an unknown authority", where),
                 "give the authority's certificate with --cacert; or the server does not send its "
                 "intermediate certificates");
    default:
      return tls(fmt::format("{} was refused: {}", whose(failure),
                             X509_verify_cert_error_string(facts.verify_error)));
  }
}

Error describe_handshake(const CurlFailure& failure) {
  const auto where = host_and_port(failure.url);
  const auto& detail = failure.detail;
  if (contains(detail, "wrong version number") || contains(detail, "packet length too long") ||
      contains(detail, "http request")) {
    return tls(fmt::format("{} does not speak TLS", where), "is it an http:// URL?");
  }
  if (contains(detail, "certificate required")) {
    return tls(fmt::format("{} demands a client certificate", where),
               "give one with --cert and --key");
  }
  return tls(fmt::format("TLS handshake with {} failed: {}", where, printable(detail)));
}

}  // namespace mcp
