#include "mcp/io/curl_failure.hpp"

#include <curl/curl.h>
#include <doctest/doctest.h>
#include <openssl/x509_vfy.h>

#include <cerrno>

using namespace mcp;

namespace {

Error error_of(CurlFailure failure) {
  failure.url = {.scheme = "https", .host = "mcp.test", .port = 8443, .target = "/?key=secret"};
  return describe(failure);
}

}  // namespace

TEST_CASE("curl failure: each code has its class") {
  const auto kind = [](CURLcode code) { return error_of({.code = code}).kind; };
  CHECK(kind(CURLE_COULDNT_RESOLVE_HOST) == ErrorKind::resolve);
  CHECK(kind(CURLE_COULDNT_RESOLVE_PROXY) == ErrorKind::resolve);
  CHECK(kind(CURLE_COULDNT_CONNECT) == ErrorKind::connect);
  CHECK(kind(CURLE_PROXY) == ErrorKind::connect);
  CHECK(kind(CURLE_OPERATION_TIMEDOUT) == ErrorKind::timeout);
  CHECK(kind(CURLE_PEER_FAILED_VERIFICATION) == ErrorKind::tls);
  CHECK(kind(CURLE_SSL_CONNECT_ERROR) == ErrorKind::tls);
  CHECK(kind(CURLE_SSL_CERTPROBLEM) == ErrorKind::usage);
  CHECK(kind(CURLE_SSL_CACERT_BADFILE) == ErrorKind::usage);
  CHECK(kind(CURLE_GOT_NOTHING) == ErrorKind::http);
  CHECK(kind(CURLE_SEND_ERROR) == ErrorKind::http);
  CHECK(kind(CURLE_HTTP2_STREAM) == ErrorKind::http);
  CHECK(kind(CURLE_BAD_CONTENT_ENCODING) == ErrorKind::http);
}

TEST_CASE("curl failure: the address that was tried and the system's reason are told") {
  CHECK(error_of({.code = CURLE_COULDNT_CONNECT, .peer = "10.0.0.1:8443", .os_error = EHOSTUNREACH})
            .message == "cannot connect to mcp.test:8443 at 10.0.0.1:8443: No route to host");
}

TEST_CASE("curl failure: the library's words are made safe to print") {
  const auto error = error_of({.code = CURLE_HTTP2_STREAM, .detail = "bad \x1b[31mstream"});
  CHECK(error.message.find('\x1b') == std::string::npos);
  CHECK(error.message.starts_with("the answer of mcp.test:8443 cannot be read: bad "));
}

TEST_CASE("curl failure: an authority's certificate that failed is told from the server's") {
  const auto error = error_of({.code = CURLE_PEER_FAILED_VERIFICATION,
                               .certificates = {.verify_error = X509_V_ERR_CERT_HAS_EXPIRED,
                                                .failing_is_server = false,
                                                .failing_subject = "CN = Old Root"}});
  CHECK(error.message ==
        "the authority's certificate (CN = Old Root) behind mcp.test:8443 expired on an unreadable "
        "date");
}

TEST_CASE("curl failure: a verdict without a sentence of its own comes in OpenSSL's words") {
  CHECK(error_of({.code = CURLE_PEER_FAILED_VERIFICATION,
                  .certificates = {.verify_error = X509_V_ERR_CERT_REVOKED}})
            .message == "the certificate of mcp.test:8443 was refused: certificate revoked");
}

TEST_CASE("curl failure: many names of a certificate are cut") {
  const auto error = error_of(
      {.code = CURLE_PEER_FAILED_VERIFICATION,
       .certificates = {.names = {"a.test", "b.test", "c.test", "d.test", "e.test", "f.test"}}});
  CHECK(error.message.ends_with("it is for a.test, b.test, c.test, d.test, e.test, …"));
}

TEST_CASE("curl failure: host and port, an IPv6 address in brackets") {
  CHECK(host_and_port({.host = "a.test", .port = 80}) == "a.test:80");
  CHECK(host_and_port({.host = "::1", .port = 443}) == "[::1]:443");
}
