#include "mcp/io/curl_failure.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstring>

#include "mcp/base/text.hpp"
#include "mcp/io/tls_failure.hpp"

namespace mcp {
namespace {

Error make(ErrorKind kind, std::string message, std::string hint = {}) {
  return {.kind = kind, .message = std::move(message), .hint = std::move(hint)};
}

/// libcurl's words, or the code's where it left none.
std::string words(const CurlFailure& failure) {
  if (!failure.detail.empty()) return printable(failure.detail);
  return curl_easy_strerror(static_cast<CURLcode>(failure.code));
}

std::string os_words(const CurlFailure& failure) {
  if (failure.os_error == 0) return words(failure);
  return std::strerror(failure.os_error);  // NOLINT(concurrency-mt-unsafe): glibc's is
}

Error cannot_resolve(const CurlFailure& failure) {
  return make(ErrorKind::resolve, fmt::format("cannot resolve {}", failure.url.host),
              fmt::format("check the name, or give its address: --resolve {}:{}:ADDRESS",
                          failure.url.host, failure.url.port));
}

Error cannot_connect(const CurlFailure& failure) {
  if (!failure.unix_socket.empty()) {
    return make(ErrorKind::connect, fmt::format("cannot connect to Unix socket {}: {}",
                                                quoted(failure.unix_socket), os_words(failure)));
  }
  const auto where = host_and_port(failure.url);
  const auto address = failure.peer.empty() || failure.peer == where ? "" : " at " + failure.peer;
  const auto hint =
      failure.os_error == ECONNREFUSED ? "is the server running, and on this port?" : "";
  return make(ErrorKind::connect,
              fmt::format("cannot connect to {}{}: {}", where, address, os_words(failure)), hint);
}

/// The connection broke after it was made.
Error broken(const CurlFailure& failure, std::string_view how) {
  const auto where = host_and_port(failure.url);
  if (failure.proxy_status != 0 && failure.proxy_status / 100 != 2) {
    return make(ErrorKind::connect,
                fmt::format("the proxy answered {} when asked for {}", failure.proxy_status, where),
                failure.proxy_status == 407 ? "the proxy wants a user name and password" : "");
  }
  // With TLS 1.3 the server's verdict on our certificate comes after the handshake.
  if (failure.detail.find("alert") != std::string::npos) return describe_handshake(failure);
  if (failure.body_bytes > 0 || failure.head_complete) {
    return make(ErrorKind::http, fmt::format("{} {} in the middle of the body, after {} bytes",
                                             where, how, failure.body_bytes));
  }
  if (failure.head_bytes > 0) {
    return make(ErrorKind::http, fmt::format("{} {} in the middle of the header", where, how));
  }
  return make(ErrorKind::http, fmt::format("{} {} without an answer", where, how));
}

Error bad_answer(const CurlFailure& failure) {
  return make(ErrorKind::http, fmt::format("the answer of {} cannot be read: {}",
                                           host_and_port(failure.url), words(failure)));
}

Error not_http(const CurlFailure& failure) {
  return make(ErrorKind::http,
              fmt::format("{} does not speak HTTP: {}", host_and_port(failure.url), words(failure)),
              failure.url.is_https() ? "" : "is it an https:// URL, or another kind of server?");
}

Error usage(const CurlFailure& failure) {
  return make(ErrorKind::usage, words(failure));
}

/// libcurl reports a malformed body, a reset and a TLS alert with one code.
Error receiving(const CurlFailure& failure) {
  const bool malformed = failure.os_error == 0 && failure.head_complete &&
                         failure.detail.find("chunk") != std::string::npos;
  return malformed ? bad_answer(failure) : broken(failure, "broke off the connection");
}

Error out_of_memory(const CurlFailure& failure) {
  // libcurl's own bound for a line of the header is 100 KiB, and this is the code for it.
  if (!failure.head_complete) {
    return make(ErrorKind::limit, fmt::format("a header field of {} is longer than 100 KiB",
                                              host_and_port(failure.url)));
  }
  return make(ErrorKind::limit, "out of memory");
}

}  // namespace

const int FailureCode::closed = CURLE_GOT_NOTHING;
const int FailureCode::broken_off = CURLE_RECV_ERROR;
const int FailureCode::unreadable = CURLE_BAD_CONTENT_ENCODING;
const int FailureCode::not_http = CURLE_WEIRD_SERVER_REPLY;

std::string host_and_port(const Url& url) {
  const bool is_v6 = url.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", url.host, is_v6 ? "]" : "", url.port);
}

Error describe(const CurlFailure& failure) {
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return cannot_resolve(failure);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return make(ErrorKind::resolve, "cannot resolve the proxy's name", "check --proxy");
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return cannot_connect(failure);
    case CURLE_PROXY:
      return make(ErrorKind::connect, fmt::format("the proxy did not connect to {}: {}",
                                                  host_and_port(failure.url), words(failure)));
    case CURLE_OPERATION_TIMEDOUT:
      return make(ErrorKind::timeout,
                  fmt::format("timed out at {}: {}", host_and_port(failure.url), words(failure)));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return describe_certificate(failure);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_SHUTDOWN_FAILED:
      return describe_handshake(failure);
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_URL_MALFORMAT:
    case CURLE_SETOPT_OPTION_SYNTAX:
    case CURLE_UNKNOWN_OPTION:
    case CURLE_NOT_BUILT_IN:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return usage(failure);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return broken(failure, "closed the connection");
    case CURLE_SEND_ERROR:
      return broken(failure, "broke off the connection");
    case CURLE_RECV_ERROR:
      return receiving(failure);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return not_http(failure);
    case CURLE_OUT_OF_MEMORY:
      return out_of_memory(failure);
    default:
      return bad_answer(failure);
  }
}

}  // namespace mcp
