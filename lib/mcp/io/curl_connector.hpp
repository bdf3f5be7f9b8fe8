#pragma once

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/io/curl_options.hpp"
#include "mcp/io/link.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

struct ConnectRequest {
  std::string url;
  TimePoint deadline = TimePoint::max();
  const sockaddr_storage* source = nullptr;  // to bind; it outlives the attempt
};

/// Makes connections with libcurl: it resolves, goes through proxies by a tunnel (libcurl does not
/// say whether it went through one, and in a tunnel the same bytes are right either way), and does
/// TLS. Links that it made must go before it.
class CurlConnector {
 public:
  using Made = std::move_only_function<void(Result<NewLink>)>;

  CurlConnector(Loop& loop, CurlOptions options);
  ~CurlConnector();

  /// `made` is called once, never before this has returned; destroying the handle cancels.
  std::unique_ptr<Handle> connect(const ConnectRequest& request, Made made);
  const CurlOptions& options() const { return options_; }

 private:
  class Attempt;
  class Group;
  class TlsLink;

  Group& group_for(bool secured);

  Loop& loop_;
  CurlOptions options_;
  bool secure_proxy_;
  // libcurl walks the connections of a multi handle for each send and receive: few in each.
  std::vector<std::unique_ptr<Group>> groups_;
};

}  // namespace mcp
