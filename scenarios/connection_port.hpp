#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/client/connection.hpp"
#include "mcp/io/lean_http.hpp"
#include "scenarios/agent_port.hpp"
#include "scenarios/lane_http.hpp"

namespace scenarios {

/// How all agents of a thread reach their server.
struct ConnectionPortOptions {
  mcp::Endpoint endpoint;
  mcp::ClientOptions client;
  /// inputSchema by tool: the modern Streamable HTTP mirrors some arguments in fields.
  std::map<std::string, mcp::Json> tool_schemas;
  /// What the first agent that connected found out; the others need not ask again.
  std::optional<mcp::EraMemory> learnt;
  /// Own addresses to connect from; only where `suits_lean_engine`.
  std::vector<std::string> sources;
  /// Made by the first agent where it suits; each agent has a lane of it. The loop outlives it.
  std::unique_ptr<mcp::LeanHttp> lean;
  /// Calls that ended, to be used again by the next agent that calls.
  std::vector<std::unique_ptr<PreparedCall>> spare_calls;
};

/// Whether agents reach the endpoint by the lean engine, which sees the moment in which an idle
/// connection is cut. HTTP/2, redirects, proxies and packed answers are the other engine's.
bool suits_lean_engine(const mcp::Endpoint& endpoint);

/// An agent's port over the client library: connections of its own for each agent.
class ConnectionPort final : public AgentPort, private mcp::LaneObserver {
 public:
  /// All but the agent's number is borrowed and outlives the port.
  ConnectionPort(mcp::Loop& loop, ConnectionPortOptions& options, AgentId agent,
                 PortObserver& observer);
  ~ConnectionPort() override;

  void connect(mcp::TimePoint deadline, OnOutcome done) override;
  void send(Ask ask, OnOutcome done) override;
  void disconnect(mcp::TimePoint deadline, OnOutcome done) override;
  bool takes_one_at_a_time() const override { return is_lean_; }

 private:
  class Link;

  // mcp::LaneObserver
  void on_connected(const mcp::LaneConnected& connected) override;
  void on_cut(const mcp::LaneCut& cut) override;

  mcp::Result<void> make_engine();
  mcp::Result<void> make_lane();
  mcp::ClientOptions client_options() const;
  void retire_link();
  void sweep_soon();
  void note_connection();
  /// Answers in the next turn.
  void answer_later(Outcome outcome, OnOutcome done);

  mcp::Loop& loop_;
  ConnectionPortOptions& options_;
  AgentId agent_;
  bool is_lean_;
  PortObserver& observer_;
  // Shared with the links: the last one may still be sweeping up when the port has let go of it.
  std::shared_ptr<mcp::Http> http_;
  LaneHttp* lane_ = nullptr;  // the same, where it is one
  std::unique_ptr<mcp::ChildSpawner> children_;
  std::uint64_t sessions_ = 0;
  bool is_leaving_ = false;
  std::size_t connections_ = 0;
  std::size_t exchanges_ = 0;
  std::size_t most_exchanges_ = 1;
  std::vector<std::unique_ptr<mcp::Handle>> later_;
  std::unique_ptr<mcp::Handle> sweep_;
  // Last, and so the first to go: they use the engines.
  std::vector<std::unique_ptr<Link>> retired_;
  std::unique_ptr<Link> link_;
};

}  // namespace scenarios
