#pragma once

#include <string_view>

namespace mcp::testserver {

/// Where the messages that belong to one request go. `respond` or `abandon` comes last.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual void notify(std::string_view message) = 0;
  /// Sends a request to the client; false: there is no way to reach it.
  virtual bool ask(std::string_view request) = 0;
  virtual void respond(std::string_view message, int status) = 0;
  /// The request was cancelled: no response will come.
  virtual void abandon() = 0;
};

}  // namespace mcp::testserver
