#include "cli/commands/sidecar_sessions.hpp"

#include <utility>

namespace cli {
namespace {

using namespace probes::sidecar;

/// Elsewhere the connections to the server are not among those that this machine knows.
bool is_here(const std::string& host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1";
}

}  // namespace

mcp::Result<std::unique_ptr<SidecarSessions>> SidecarSessions::make(mcp::Loop& loop,
                                                                    const SessionsPlan& plan,
                                                                    const mcp::Endpoint& endpoint) {
  std::unique_ptr<SidecarSessions> sessions(new SidecarSessions(loop));
  if (auto added = sessions->add_proxy(plan, endpoint); !added) {
    return std::unexpected(added.error());
  }
  if (auto added = sessions->add_scrape(plan, endpoint); !added) {
    return std::unexpected(added.error());
  }
  // The proxy always has a better number.
  if (!plan.proxy) sessions->add_sockets(plan, endpoint);
  sessions->trusted_ = std::make_unique<TrustedSessions>(sessions->counters_);
  return sessions;
}

SidecarSessions::~SidecarSessions() {
  if (gate_ != nullptr) gate_->attach(nullptr);
}

std::optional<std::uint16_t> SidecarSessions::proxy_port() const {
  if (relay_ == nullptr) return std::nullopt;
  return relay_->port();
}

mcp::Result<void> SidecarSessions::add_proxy(const SessionsPlan& plan,
                                             const mcp::Endpoint& endpoint) {
  if (!plan.proxy) return {};
  gate_ = std::make_unique<SessionGate>(loop_, SessionGateOptions{.idle = plan.idle});
  auto relay = mcp::make_http_relay(loop_,
                                    {.address = plan.proxy->address,
                                     .port = plan.proxy->port,
                                     .upstream_host = endpoint.url->host,
                                     .upstream_port = endpoint.url->port},
                                    *gate_);
  if (!relay) return std::unexpected(relay.error());
  relay_ = std::move(*relay);
  gate_->attach(relay_.get());
  counters_.push_back(gate_.get());
  return {};
}

mcp::Result<void> SidecarSessions::add_scrape(const SessionsPlan& plan,
                                              const mcp::Endpoint& endpoint) {
  if (plan.scrape_url.empty()) return {};
  // Where the server itself is reached in another way (a socket, --resolve), its metrics are not.
  auto http = mcp::make_curl_http(loop_, {.no_proxy = endpoint.http.no_proxy,
                                          .ca_file = endpoint.http.ca_file,
                                          .insecure = endpoint.http.insecure,
                                          .user_agent = endpoint.http.user_agent});
  if (!http) return std::unexpected(http.error());
  http_ = std::move(*http);
  scraped_ = std::make_unique<ScrapedSessions>(
      loop_, *http_,
      ScrapeOptions{
          .url = plan.scrape_url, .metric = plan.scrape_metric, .interval = plan.interval});
  scraped_->start();
  counters_.push_back(scraped_.get());
  return {};
}

void SidecarSessions::add_sockets(const SessionsPlan& plan, const mcp::Endpoint& endpoint) {
  if (!endpoint.url || !endpoint.http.unix_socket.empty() || !is_here(endpoint.url->host)) return;
  established_ = std::make_unique<mcp::EstablishedSockets>(
      loop_, mcp::EstablishedSocketsOptions{.port = endpoint.url->port, .interval = plan.interval});
  established_->start();
  sockets_ = std::make_unique<SocketSessions>(*established_);
  counters_.push_back(sockets_.get());
}

}  // namespace cli
