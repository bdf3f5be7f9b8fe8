#pragma once

#include <string>

#include "mcp/io/certificates.hpp"
#include "mcp/io/curl_handles.hpp"
#include "mcp/io/http.hpp"

namespace mcp {

/// Reads where the time of a transfer that is done went from its handle. `since_head`: how long ago
/// the answer began, by our own clock: with a large request libcurl 7.88 counts from its sending.
HttpTimings read_timings(CURL* handle, Duration since_head, const CertificateFacts& certificates);

/// How far a transfer has come.
struct Progress {
  std::string host;       // that is looked up
  std::string authority;  // host:port
  std::string peer;       // the address that was tried last
  bool tls_started = false;
  std::size_t request_bytes = 0;  // of the body to be sent
  std::size_t head_bytes = 0;
  bool head_complete = false;
  std::size_t body_bytes = 0;
};

/// The phase of making a connection that a transfer has not got beyond: "resolve", "connect" or
/// "tls"; empty once it stands.
std::string connection_phase(CURL* handle, const Progress& progress);

/// What an exchange was doing on its connection: "waiting for the first byte from 10.0.0.1:443".
/// `uploaded`: bytes of the body.
std::string describe_exchange_phase(const Progress& progress, std::size_t uploaded);

/// What the transfer was doing when its time was up: "connecting to 10.0.0.1:443".
std::string describe_phase(CURL* handle, const Progress& progress);

}  // namespace mcp
