#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/client/connection.hpp"
#include "mcp/io/http.hpp"
#include "scenarios/agent_port.hpp"

namespace scenarios {

/// How all agents of a thread reach their server.
struct ConnectionPortOptions {
  mcp::Endpoint endpoint;
  mcp::ClientOptions client;
  /// inputSchema by tool: the modern Streamable HTTP mirrors some arguments in fields.
  std::map<std::string, mcp::Json> tool_schemas;
  /// What the first agent that connected found out; the others need not ask again.
  std::optional<mcp::EraMemory> learnt;
};

/// An agent's port over the client library: one engine, and so connections of its own, for each
/// agent. Sees a connection that is cut only when it is used next, as any HTTP client does.
class ConnectionPort final : public AgentPort {
 public:
  /// All but the agent's number is borrowed and outlives the port.
  ConnectionPort(mcp::Loop& loop, ConnectionPortOptions& options, AgentId agent,
                 PortObserver& observer);
  ~ConnectionPort() override;

  void connect(mcp::TimePoint deadline, OnOutcome done) override;
  void send(Ask ask, OnOutcome done) override;
  void disconnect(mcp::TimePoint deadline, OnOutcome done) override;

 private:
  class Link;

  mcp::Result<void> make_engine();
  mcp::ClientOptions client_options() const;
  void retire_link();
  void sweep_soon();
  void note_connection();
  /// Answers in the next turn.
  void answer_later(Outcome outcome, OnOutcome done);

  mcp::Loop& loop_;
  ConnectionPortOptions& options_;
  AgentId agent_;
  PortObserver& observer_;
  std::unique_ptr<mcp::Http> http_;
  std::unique_ptr<mcp::ChildSpawner> children_;
  std::uint64_t sessions_ = 0;
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
