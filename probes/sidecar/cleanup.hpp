#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/transport/http_session.hpp"
#include "mcp/transport/session_end.hpp"
#include "probes/sidecar/line.hpp"

namespace probes::sidecar {

/// Closes lines in the background. A server that did not answer then is asked to end the sessions
/// once it does, and an `initialize` that is still on its way is waited for, since its session
/// could not be ended otherwise. Everything is bounded: a server that never comes back costs
/// nothing more.
class Cleanup {
 public:
  /// `endpoint` outlives it.
  Cleanup(mcp::TransportContext context, const mcp::Endpoint& endpoint);

  /// Lets go of the line, and closes it within `patience`.
  void close(std::unique_ptr<Line> line, mcp::Duration patience);
  /// The server has just answered: what it did not end then is tried again.
  void server_answers();
  /// `done` is called when nothing is left to do, or at `deadline`.
  void stop(mcp::TimePoint deadline, std::move_only_function<void()> done);

  std::size_t closing() const { return closing_.size(); }
  std::size_t late() const { return late_.size(); }

 private:
  struct LateSession {
    std::string id;
    mcp::Revision revision;
    int tries = 0;
  };
  using Closing = std::list<std::unique_ptr<Line>>;

  void closed(Line* line, const mcp::Result<void>& outcome);
  void keep_for_later(std::string id, const std::optional<mcp::Peer>& peer);
  void retire(std::unique_ptr<Line> line);
  void end_next(mcp::TimePoint deadline);
  void ended(const mcp::Result<void>& outcome);
  void tell_if_empty();
  void finish_stop();

  mcp::TransportContext context_;
  Closing closing_;                             // oldest first
  std::vector<std::unique_ptr<Line>> retired_;  // kept until the loop has turned
  std::deque<LateSession> late_;                // oldest first
  mcp::HttpSession http_session_;
  std::unique_ptr<mcp::SessionEnd> session_end_;
  std::unique_ptr<mcp::Handle> next_end_;
  std::unique_ptr<mcp::Handle> sweep_;
  std::unique_ptr<mcp::Handle> stop_timer_;
  std::move_only_function<void()> stopped_;
};

}  // namespace probes::sidecar
