#pragma once

#include <memory>

#include "probes/sidecar/probe_result.hpp"
#include "probes/sidecar/tool_list.hpp"

namespace probes::sidecar {

/// One full handshake on a connection of its own, with tools/list; then it is closed again,
/// whatever came of it.
class Handshake final : private LineOwner {
 public:
  explicit Handshake(Surroundings& surroundings) : surroundings_(surroundings) {}

  /// `done` comes from inside the loop, at `deadline` at the latest.
  void start(mcp::TimePoint deadline, OnProbed done);
  void abandon();
  const std::optional<mcp::Peer>& peer() const { return peer_; }

 private:
  void opened(mcp::Result<mcp::Peer> peer);
  void has_tools(mcp::Result<ToolDigests> tools);
  void time_up();
  void finish(ProbeResult result);

  Surroundings& surroundings_;
  mcp::TimePoint begun_;
  mcp::TimePoint deadline_;
  OnProbed done_;
  std::optional<mcp::Peer> peer_;
  std::unique_ptr<Line> line_;
  std::unique_ptr<ToolList> tools_;
  std::unique_ptr<mcp::Handle> timer_;
};

}  // namespace probes::sidecar
