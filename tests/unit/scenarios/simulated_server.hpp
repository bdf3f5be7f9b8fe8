#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mcp/io/loop.hpp"
#include "scenarios/agent.hpp"

namespace scenarios {

/// A server in virtual time, for the tests of agents: what it does is set before or between turns.
class SimulatedServer {
 public:
  explicit SimulatedServer(mcp::Loop& loop) : loop_(loop), start_(loop.now()) {}

  /// From the start of the run; `connect`, `service` and `goodbye` may be changed at any time.
  mcp::Duration connect = std::chrono::milliseconds(2);
  mcp::Duration service = std::chrono::milliseconds(1);
  mcp::Duration goodbye = std::chrono::milliseconds(1);
  /// Where it is set, how long a request takes, in place of `service`.
  std::function<mcp::Duration(const Ask&)> service_of;
  bool refuses = false;
  /// After so long without a request: the session is gone, the connection is cut, a stream too.
  mcp::Duration session_ttl = mcp::Duration::max();
  mcp::Duration connection_ttl = mcp::Duration::max();
  mcp::Duration stream_ttl = mcp::Duration::max();
  /// Comments on open streams; never where it is zero.
  mcp::Duration keep_alive_every{};
  bool has_streams = true;
  std::optional<Failure> fails_with;
  mcp::Json result;

  /// Answers nothing in between: what comes is answered afterwards.
  void freeze(mcp::Duration from, mcp::Duration to) {
    frozen_from_ = start_ + from;
    frozen_to_ = start_ + to;
  }
  /// Forgets every session: the next request on each is answered by 404.
  void forget_sessions() { ++epoch_; }
  /// Cuts every open stream.
  void cut_streams();

  struct Seen {
    AgentId agent = 0;
    mcp::Duration at{};
    std::int64_t id = 0;
    Operation operation = Operation::call;
    std::string text;  // target and arguments
  };
  std::vector<Seen> seen;
  int opened = 0;
  int closed = 0;
  std::size_t most_open = 0;

  Agent::MakePort port_maker();

 private:
  class Port;
  mcp::TimePoint answer_time(mcp::Duration takes) const;

  mcp::Loop& loop_;
  mcp::TimePoint start_;
  mcp::TimePoint frozen_from_ = mcp::TimePoint::max();
  mcp::TimePoint frozen_to_ = mcp::TimePoint::max();
  std::uint64_t epoch_ = 0;
  std::set<Port*> ports_;
};

}  // namespace scenarios
