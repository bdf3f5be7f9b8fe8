#include "mcp/io/curl_timings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mcp {
namespace {

using std::chrono::microseconds;

microseconds moment(CURL* handle, CURLINFO info) {
  return microseconds(easy_info<curl_off_t>(handle, info));
}

microseconds between(microseconds from, microseconds to) {
  return std::max(to - from, microseconds(0));
}

std::string version_name(long version) {
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    case CURL_HTTP_VERSION_3:
      return "3";
    default:
      return {};
  }
}

std::string peer_of(CURL* handle) {
  const char* address = easy_info<const char*>(handle, CURLINFO_PRIMARY_IP);
  if (!address || !*address) return {};
  const auto port = easy_info<long>(handle, CURLINFO_PRIMARY_PORT);
  const std::string_view text(address);
  if (text.starts_with('/')) return address;  // a Unix socket
  const bool is_v6 = text.find(':') != std::string_view::npos;
  return is_v6 ? fmt::format("[{}]:{}", text, port) : fmt::format("{}:{}", text, port);
}

}  // namespace

HttpTimings read_timings(CURL* handle, Duration since_head, const CertificateFacts& certificates) {
  const auto resolved = moment(handle, CURLINFO_NAMELOOKUP_TIME_T);
  const auto connected = moment(handle, CURLINFO_CONNECT_TIME_T);
  const auto secured = moment(handle, CURLINFO_APPCONNECT_TIME_T);
  const auto sent = moment(handle, CURLINFO_PRETRANSFER_TIME_T);
  const auto total = moment(handle, CURLINFO_TOTAL_TIME_T);
  HttpTimings timings;
  timings.new_connection = easy_info<long>(handle, CURLINFO_NUM_CONNECTS) > 0;
  if (timings.new_connection) {
    timings.resolve = resolved;
    timings.connect = between(resolved, connected);
    if (secured.count() > 0) timings.tls = between(connected, secured);
  }
  if (since_head > Duration::zero()) {
    timings.transfer = std::min<Duration>(since_head, total);
    timings.first_byte = std::max<Duration>(total - timings.transfer - sent, Duration::zero());
  }
  timings.total = total;
  timings.peer_address = peer_of(handle);
  timings.http_version = version_name(easy_info<long>(handle, CURLINFO_HTTP_VERSION));
  timings.earliest_certificate_expiry = certificates.earliest_expiry;
  timings.tls_subject = certificates.subject;
  return timings;
}

std::string connection_phase(CURL* handle, const Progress& progress) {
  if (moment(handle, CURLINFO_PRETRANSFER_TIME_T).count() > 0) return {};
  if (progress.tls_started) return "tls";
  return progress.peer.empty() ? "resolve" : "connect";
}

std::string describe_exchange_phase(const Progress& progress, std::size_t uploaded) {
  if (progress.body_bytes > 0) {
    return fmt::format("in the middle of the body from {}, after {} bytes", progress.authority,
                       progress.body_bytes);
  }
  if (progress.head_complete) {
    return fmt::format("waiting for the body from {}", progress.authority);
  }
  if (progress.head_bytes > 0) {
    return fmt::format("in the middle of the header from {}", progress.authority);
  }
  if (uploaded < progress.request_bytes) {
    return fmt::format("sending the request to {}, after {} of {} bytes", progress.authority,
                       uploaded, progress.request_bytes);
  }
  return fmt::format("waiting for the first byte from {}", progress.authority);
}

std::string describe_phase(CURL* handle, const Progress& progress) {
  if (progress.head_bytes > 0 || moment(handle, CURLINFO_PRETRANSFER_TIME_T).count() > 0) {
    const auto uploaded = easy_info<curl_off_t>(handle, CURLINFO_SIZE_UPLOAD_T);
    return describe_exchange_phase(progress, static_cast<std::size_t>(uploaded));
  }
  if (progress.tls_started) {
    return fmt::format("in the TLS handshake with {}", progress.authority);
  }
  if (!progress.peer.empty()) {
    const auto name = progress.peer == progress.authority ? "" : " for " + progress.authority;
    return fmt::format("connecting to {}{}", progress.peer, name);
  }
  return fmt::format("resolving {}", progress.host);
}

}  // namespace mcp
