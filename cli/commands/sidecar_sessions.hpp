#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/listen_address.hpp"
#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "mcp/io/established_sockets.hpp"
#include "mcp/io/http.hpp"
#include "mcp/io/http_relay.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/transport/endpoint.hpp"
#include "probes/sidecar/scraped_sessions.hpp"
#include "probes/sidecar/session_gate.hpp"
#include "probes/sidecar/socket_sessions.hpp"
#include "probes/sidecar/trusted_sessions.hpp"

namespace cli {

/// Who counts the sessions of a sidecar's server.
struct SessionsPlan {
  std::optional<ListenAddress> proxy;
  mcp::Duration idle = std::chrono::minutes(5);
  std::string scrape_url;  // empty: the server has no such metric
  probes::sidecar::MetricSelector scrape_metric;
  mcp::Duration interval = std::chrono::seconds(5);  // of what has to be asked
};

/// The counters that a sidecar has, in order of trust: its proxy, the server's metric, sockets.
class SidecarSessions {
 public:
  /// Listens and asks when it returns. An address that cannot be bound is kind connect.
  static mcp::Result<std::unique_ptr<SidecarSessions>> make(mcp::Loop& loop,
                                                            const SessionsPlan& plan,
                                                            const mcp::Endpoint& endpoint);
  ~SidecarSessions();
  SidecarSessions(const SidecarSessions&) = delete;
  SidecarSessions& operator=(const SidecarSessions&) = delete;

  probes::sidecar::SessionCounter& counter() { return *trusted_; }
  /// The proxy's port; none where there is no proxy.
  std::optional<std::uint16_t> proxy_port() const;

 private:
  explicit SidecarSessions(mcp::Loop& loop) : loop_(loop) {}
  mcp::Result<void> add_proxy(const SessionsPlan& plan, const mcp::Endpoint& endpoint);
  mcp::Result<void> add_scrape(const SessionsPlan& plan, const mcp::Endpoint& endpoint);
  void add_sockets(const SessionsPlan& plan, const mcp::Endpoint& endpoint);

  mcp::Loop& loop_;
  std::unique_ptr<probes::sidecar::SessionGate> gate_;
  std::unique_ptr<mcp::HttpRelay> relay_;
  std::unique_ptr<mcp::Http> http_;
  std::unique_ptr<probes::sidecar::ScrapedSessions> scraped_;
  std::unique_ptr<mcp::EstablishedSockets> established_;
  std::unique_ptr<probes::sidecar::SocketSessions> sockets_;
  std::vector<probes::sidecar::SessionCounter*> counters_;
  std::unique_ptr<probes::sidecar::TrustedSessions> trusted_;
};

}  // namespace cli
