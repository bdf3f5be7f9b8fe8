#include "probes/sidecar/handshake.hpp"

#include <fmt/format.h>

#include <utility>

namespace probes::sidecar {
namespace {

/// Transports tell at the deadline in which phase a request was; this is how long they may take.
constexpr auto deadline_slack = std::chrono::milliseconds(25);
/// A session may come with an answer that is late; see Cleanup.
constexpr auto opening_patience = std::chrono::minutes(10);

}  // namespace

void Handshake::start(mcp::TimePoint deadline, OnProbed done) {
  auto& loop = surroundings_.context.loop;
  begun_ = loop.now();
  deadline_ = deadline;
  done_ = std::move(done);
  auto made = surroundings_.make_line(static_cast<LineOwner&>(*this));
  if (!made) {
    timer_ = loop.start_timer(begun_, [this, error = std::move(made.error())] {
      finish(failed_with(error, surroundings_.is_protected()));
    });
    return;
  }
  line_ = std::move(*made);
  const bool may_wait = surroundings_.may_leave_session();
  // Without a session there is nothing to wait for, and the transport says more of the deadline.
  timer_ = loop.start_timer(may_wait ? deadline : deadline + deadline_slack, [this] { time_up(); });
  line_->open(may_wait ? begun_ + opening_patience : deadline,
              [this](mcp::Result<mcp::Peer> peer) { opened(std::move(peer)); });
}

void Handshake::opened(mcp::Result<mcp::Peer> peer) {
  auto& loop = surroundings_.context.loop;
  if (!peer) return finish(failed_with(peer.error(), surroundings_.is_protected()));
  surroundings_.ledger.add_phase("handshake", loop.now() - begun_);
  surroundings_.learn(*peer, line_->transport());
  peer_ = trimmed(std::move(*peer));
  if (!declares_tools(*peer_)) {
    return finish({.sign = Sign::good,
                   .reason = "the handshake succeeded; the server declares no tools",
                   .tools = ToolDigests()});
  }
  timer_ = loop.start_timer(deadline_ + deadline_slack, [this] { time_up(); });
  tools_ = std::make_unique<ToolList>(*line_, surroundings_.options.client.max_pages);
  tools_->start(deadline_, [this, begun = loop.now()](mcp::Result<ToolDigests> tools) {
    if (tools) surroundings_.ledger.add_phase("tools", surroundings_.context.loop.now() - begun);
    has_tools(std::move(tools));
  });
}

void Handshake::has_tools(mcp::Result<ToolDigests> tools) {
  auto result = listed(std::move(tools), surroundings_.is_protected());
  // It has answered the handshake: what hangs is one method, or something behind it.
  if (result.sign == Sign::down) result.sign = Sign::bad;
  finish(std::move(result));
}

void Handshake::time_up() {
  const mcp::Error silence{
      .kind = mcp::ErrorKind::timeout,
      .message = fmt::format("no answer to {} within {}", peer_ ? "tools/list" : "the handshake",
                             mcp::format_duration(deadline_ - begun_))};
  if (peer_) return has_tools(std::unexpected(silence));
  surroundings_.ledger.add_operation(surroundings_.handshake_method(), "timeout",
                                     surroundings_.context.loop.now() - begun_);
  finish(failed_with(silence, surroundings_.is_protected()));
}

void Handshake::finish(ProbeResult result) {
  abandon();
  std::exchange(done_, nullptr)(std::move(result));
}

void Handshake::abandon() {
  timer_.reset();
  if (line_) surroundings_.cleanup.close(std::move(line_), surroundings_.options.timeout);
}

}  // namespace probes::sidecar
