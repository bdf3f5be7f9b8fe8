#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "mcp/base/url.hpp"
#include "mcp/io/certificates.hpp"
#include "mcp/io/curl_failure.hpp"
#include "mcp/io/curl_options.hpp"
#include "mcp/io/response_head_reader.hpp"

struct curl_sockaddr;

namespace mcp {

enum class TransferKind { exchange, connect_only };

/// One exchange on one easy handle: sets it up, hears its callbacks, keeps the bounds, and tells
/// the observer. It does not know the multi handle.
class CurlTransfer {
 public:
  CurlTransfer(HttpRequest request, TransferKind kind, const CurlOptions& options,
               HttpObserver& observer);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* handle() const { return handle_.get(); }
  TimePoint deadline() const { return request_.deadline; }
  /// Before it is added to a multi handle. An error: the request cannot be sent at all.
  Result<void> prepare();
  /// No further calls to the observer; libcurl's next callback ends the transfer.
  void abandon() { observer_ = nullptr; }

  /// After libcurl is done: prepares the next hop of a redirect that is to be followed.
  bool follow_redirect(CURLcode code);
  Result<HttpTimings> outcome(CURLcode code) const;
  CurlFailure failure(CURLcode code) const;
  Error deadline_error() const;
  /// The last call; the observer may destroy this transfer in it.
  void finish(Result<HttpTimings> outcome);

  /// Kept here so that they end with the transfer: the deadline, and a failure to be told later.
  std::unique_ptr<Handle> timer;

 private:
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static CURLcode on_tls_context(CURL*, void* context, void* self) noexcept;
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept;
  static int on_connected(void* self, char*, char*, int, int) noexcept;

  void set_callbacks(EasySetup& set);
  void set_request(EasySetup& set);
  void set_body(EasySetup& set);
  Result<void> set_headers(EasySetup& set);
  bool header(std::string_view line);
  bool head_complete();
  bool body(std::string_view bytes);
  bool refuse(ErrorKind kind, std::string message, std::string hint = {});
  bool is_redirect() const;
  bool accept_redirect();
  Duration since_head() const;

  HttpRequest request_;
  TransferKind kind_;
  const CurlOptions& options_;
  HttpObserver* observer_;
  EasyHandle handle_;
  Url url_;
  CurlList headers_;
  ResponseHeadReader reader_;
  TimePoint head_began_;
  std::size_t body_bytes_ = 0;
  std::string peer_;  // the address that was tried last
  bool tls_started_ = false;
  CertificateFacts certificates_;
  std::optional<Error> failure_;  // what we refused; libcurl only says "write error"
  std::optional<Url> redirect_;
  int redirects_ = 0;
  Duration earlier_hops_{};
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

}  // namespace mcp
