#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/url.hpp"
#include "mcp/io/curl_connector.hpp"
#include "mcp/io/lean_deadlines.hpp"
#include "mcp/io/lean_http.hpp"

namespace mcp {

/// Where requests go: a URL that was read once.
struct LeanTarget {
  std::string text;
  Url url;
  std::string authority;
};

Result<std::shared_ptr<const LeanTarget>> make_lean_target(std::string_view url);

/// What all lanes of an engine share: how connections are made, and the room in which answers are
/// read, so that an idle connection needs none.
class LeanCore {
 public:
  LeanCore(Loop& loop, CurlOptions options, LeanHttpOptions lean,
           std::vector<sockaddr_storage> sources);

  Result<std::shared_ptr<const LeanTarget>> target(std::string_view url);
  const sockaddr_storage* next_source();
  const std::string& user_agent() const;

  Loop& loop;
  CurlConnector connector;
  LeanHttpOptions options;
  LeanDeadlines deadlines;
  HttpResponseHead head;
  std::vector<char> space;

 private:
  std::vector<sockaddr_storage> sources_;
  std::size_t next_source_ = 0;
  // Shared, as exchanges and connections need it after another URL has taken its place here.
  std::shared_ptr<const LeanTarget> last_target_;
};

}  // namespace mcp
