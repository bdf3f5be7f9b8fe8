#pragma once

#include <cstddef>
#include <string>

#include "mcp/base/error.hpp"
#include "mcp/base/url.hpp"
#include "mcp/io/certificates.hpp"

namespace mcp {

/// What is known of a transfer that libcurl ended with an error.
struct CurlFailure {
  int code = 0;        // CURLcode
  std::string detail;  // libcurl's own words
  Url url;
  std::string peer;  // "10.0.0.1:443", the address that was tried last; empty when none was
  std::string unix_socket;
  int os_error = 0;
  long proxy_status = 0;  // of a proxy that refused CONNECT
  bool head_complete = false;
  std::size_t head_bytes = 0;
  std::size_t body_bytes = 0;
  CertificateFacts certificates;
};

/// The table from libcurl's codes to classes of failure. Names host and port, never the path, the
/// query or a header: those may hold credentials.
Error describe(const CurlFailure& failure);

/// Codes for what another engine than libcurl's finds, to be told in the same words.
struct FailureCode {
  static const int closed;      // by the peer, at the wrong moment
  static const int broken_off;  // with a reset
  static const int unreadable;
  static const int not_http;
};

/// "host:port", with brackets around an IPv6 address.
std::string host_and_port(const Url& url);

}  // namespace mcp
