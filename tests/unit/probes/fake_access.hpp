#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "probes/health/server.hpp"

/// What one connection does: how long each step takes, and what comes of it.
struct Script {
  mcp::TransportKind transport = mcp::TransportKind::streamable_http;
  bool https = false;
  bool session = true;
  std::optional<mcp::HttpTimings> connection;
  /// stdio: after how long the child runs; none: it could not be started.
  std::optional<mcp::Duration> spawn;
  mcp::Duration open_time = std::chrono::milliseconds(10);
  mcp::Result<mcp::Peer> open;
  mcp::Duration list_time = std::chrono::milliseconds(4);
  mcp::Result<mcp::Listing> list;
  mcp::Duration call_time = std::chrono::milliseconds(3);
  mcp::Result<mcp::Json> call;
  mcp::Duration close_time = std::chrono::milliseconds(1);
  mcp::Result<void> close;
  std::vector<std::string> warnings;
};

/// A healthy legacy server over plain HTTP with the tools of these names.
Script healthy_script(const std::vector<std::string>& tools);
mcp::Json tool_named(const std::string& name);
mcp::Peer peer_with(const std::string& capabilities);

/// Plays one script a connection, in virtual time. A step that would outlast its deadline ends
/// there with kind timeout. Remembers the order of the calls and the deadlines it was given.
class FakeAccess final : public probes::ServerAccess {
 public:
  explicit FakeAccess(std::deque<Script> played) : scripts(std::move(played)) {}

  std::unique_ptr<probes::ProbedServer> make_server(Security security) override;
  mcp::TimePoint now() override { return clock; }
  bool wait_until(mcp::TimePoint when) override;

  std::deque<Script> scripts;
  mcp::TimePoint clock = mcp::TimePoint(std::chrono::hours(1));
  mcp::TimePoint start = clock;
  std::vector<std::string> calls;
  bool interrupted = false;
};
