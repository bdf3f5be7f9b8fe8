#include "mcp/io/curl_options.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

Result<void> check_readable(std::string_view what, const std::string& path) {
  if (path.empty() || ::access(path.c_str(), R_OK) == 0) return {};
  return fail(ErrorKind::usage,
              fmt::format("{} {} cannot be read: {}", what, quoted(path),
                          std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
}

bool is_directory(const std::string& path) {
  struct stat facts{};
  return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

long version_for(HttpVersion version, bool https) {
  switch (version) {
    case HttpVersion::http1:
      return CURL_HTTP_VERSION_1_1;
    case HttpVersion::http2:
      // Without TLS there is no ALPN; the upgrade of HTTP/1.1 is dead (RFC 9113 section 3.1).
      return https ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    case HttpVersion::automatic:
      break;
  }
  return CURL_HTTP_VERSION_2TLS;
}

/// Before 8.0, libcurl starts HTTP/2 a second time on a reused connection without TLS, and every
/// exchange after the first fails (curl/curl pull request 10643).
bool can_reuse(HttpVersion version, bool https) {
  constexpr unsigned fixed_in = 0x080000;
  return https || version != HttpVersion::http2 ||
         curl_version_info(CURLVERSION_NOW)->version_num >= fixed_in;
}

constexpr long a_day = 24L * 60 * 60;

}  // namespace

Result<CurlOptions> CurlOptions::make(HttpOptions options) {
  for (const auto& [what, path] : {std::pair("CA file", &options.ca_file),
                                   std::pair("client certificate", &options.client_certificate),
                                   std::pair("client key", &options.client_key)}) {
    if (const auto readable = check_readable(what, *path); !readable) {
      return std::unexpected(readable.error());
    }
  }
  return CurlOptions(std::move(options));
}

CurlOptions::CurlOptions(HttpOptions options)
    : options_(std::move(options)), resolve_(options_.resolve), connect_to_(options_.connect_to) {
  if (is_directory(options_.ca_file)) {
    trust_ = {.directory = options_.ca_file};
  } else if (!options_.ca_file.empty()) {
    trust_ = {.bundle = options_.ca_file};
  }
}

Result<CurlOptions> make_curl_options(HttpOptions options) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return fail(ErrorKind::http, curl_easy_strerror(initialised));
  return CurlOptions::make(std::move(options));
}

void CurlOptions::apply(EasySetup& set, bool https) const {
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_NOSIGNAL, 1L);
  // A resolver thread that hangs in the C library must not hold us past the deadline.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TCP_KEEPIDLE, 30L);
  set(CURLOPT_TCP_KEEPINTVL, 15L);
  // 118 s by default: an idle session would silently get a new connection.
  set(CURLOPT_MAXAGE_CONN, a_day);
  set(CURLOPT_HTTP_VERSION, version_for(options_.version, https));
  if (!can_reuse(options_.version, https)) {
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
  }
  set(CURLOPT_PATH_AS_IS, 1L);
  // All that the library can unpack; what is asked for is in the request's own fields.
  set(CURLOPT_ACCEPT_ENCODING, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_RESOLVE, resolve_.get());
  set(CURLOPT_CONNECT_TO, connect_to_.get());
  set.unless_empty(CURLOPT_UNIX_SOCKET_PATH, options_.unix_socket);
  set.unless_empty(CURLOPT_USERAGENT, options_.user_agent);
  apply_proxy(set);
  if (https) apply_tls(set);
}

void CurlOptions::apply_proxy(EasySetup& set) const {
  if (options_.no_proxy) {
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOPROXY, "*");
  } else {
    set.unless_empty(CURLOPT_PROXY, options_.proxy);
  }
}

void CurlOptions::apply_tls(EasySetup& set) const {
  if (options_.insecure) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!trust_) trust_ = find_trust_store();
  if (!trust_->bundle.empty() || !trust_->directory.empty()) {
    // Exactly these: a named file must not be widened by the system's directory.
    set(CURLOPT_CAINFO, trust_->bundle.empty() ? nullptr : trust_->bundle.c_str());
    set(CURLOPT_CAPATH, trust_->directory.empty() ? nullptr : trust_->directory.c_str());
  }
  set.unless_empty(CURLOPT_SSLCERT, options_.client_certificate);
  set.unless_empty(CURLOPT_SSLKEY, options_.client_key);
  // Without one OpenSSL asks at the terminal for the password of an encrypted key, and waits.
  set(CURLOPT_KEYPASSWD, "");
}

}  // namespace mcp
