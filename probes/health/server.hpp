#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "mcp/client/blocking_client.hpp"
#include "probes/health/observation.hpp"

namespace probes {

/// What a connection told besides its replies.
struct ConnectionNotes {
  std::optional<mcp::HttpTimings> connection;    // the first one, as soon as it stood
  std::optional<mcp::TimePoint> transport_open;  // stdio: the child was started
  HttpTotals http;
  std::vector<std::string> warnings;  // the first few
};

/// One connection to the server under test; good for one attempt.
class ProbedServer {
 public:
  virtual ~ProbedServer() = default;
  virtual mcp::Result<mcp::HttpTimings> connect_only(mcp::TimePoint deadline) = 0;
  virtual mcp::Result<mcp::Peer> open(mcp::TimePoint deadline) = 0;
  virtual mcp::Result<mcp::Listing> list_tools(mcp::TimePoint deadline) = 0;
  virtual mcp::Result<mcp::Json> call_tool(const std::string& name, const mcp::Json& arguments,
                                           mcp::TimePoint deadline) = 0;
  virtual mcp::Result<void> close(mcp::TimePoint deadline) = 0;
  virtual mcp::TransportKind transport() const = 0;
  virtual bool is_https() const = 0;
  virtual bool holds_session() const = 0;
  virtual const ConnectionNotes& notes() const = 0;
};

/// The way to the server, and the clock that goes with it.
class ServerAccess {
 public:
  virtual ~ServerAccess() = default;
  /// `plain_tcp`: connect_only stops before TLS.
  enum class Security { as_told, plain_tcp };
  virtual std::unique_ptr<ProbedServer> make_server(Security security) = 0;
  virtual mcp::TimePoint now() = 0;
  /// False when an interrupt came first.
  virtual bool wait_until(mcp::TimePoint when) = 0;
};

/// Over BlockingClient. `interrupt` may be called from a callback of the loop: what is under way
/// ends with kind interrupted, and cleaning up still follows.
class BlockingAccess final : public ServerAccess {
 public:
  BlockingAccess(mcp::Loop& loop, mcp::Endpoint endpoint, mcp::ClientOptions options);
  ~BlockingAccess() override;
  std::unique_ptr<ProbedServer> make_server(Security security) override;
  mcp::TimePoint now() override;
  bool wait_until(mcp::TimePoint when) override;
  void interrupt();

 private:
  class Server;
  mcp::Loop& loop_;
  mcp::Endpoint endpoint_;
  mcp::ClientOptions options_;
  Server* current_ = nullptr;
  bool interrupted_ = false;
};

}  // namespace probes
