#pragma once

#include "mcp/io/curl_handles.hpp"
#include "mcp/io/http.hpp"
#include "mcp/io/trust_store.hpp"

namespace mcp {

/// HttpOptions, checked and in libcurl's form. It owns the lists that the handles borrow.
class CurlOptions {
 public:
  static Result<CurlOptions> make(HttpOptions options);
  /// All that is the same for each transfer. TLS options only for https: loading certificates
  /// costs 15 to 20 ms, http never needs them.
  void apply(EasySetup& set, bool https) const;
  const HttpOptions& options() const { return options_; }

 private:
  explicit CurlOptions(HttpOptions options);
  void apply_tls(EasySetup& set) const;
  void apply_proxy(EasySetup& set) const;

  HttpOptions options_;
  CurlList resolve_;
  CurlList connect_to_;
  mutable std::optional<TrustStore> trust_;  // looked for when https first needs it
};

/// Also readies libcurl itself.
Result<CurlOptions> make_curl_options(HttpOptions options);

}  // namespace mcp
