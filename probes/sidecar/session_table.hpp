#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mcp/base/time.hpp"

namespace probes::sidecar {

/// The sessions that requests were seen of. One is active while a request or stream of it is open,
/// or for `idle` after its last request; one that nothing was asked of since its handshake is not.
/// What is no longer active is forgotten, and learnt again from its next request. Bounded: of too
/// many, the one that was idle longest goes.
class SessionTable {
 public:
  SessionTable(mcp::Duration idle, std::size_t most) : idle_(idle), most_(most) {}
  SessionTable(const SessionTable&) = delete;
  SessionTable& operator=(const SessionTable&) = delete;

  /// Its handshake was answered.
  void add(std::string_view id, mcp::TimePoint now);
  void open(std::string_view id, mcp::TimePoint now);
  /// The server knows it; `used`: it was asked something.
  void confirm(std::string_view id, bool used);
  void close(std::string_view id, mcp::TimePoint now);
  void remove(std::string_view id);
  void clear();
  /// `fresh`: for so long after its handshake one that was asked nothing yet is active too.
  std::size_t active(mcp::TimePoint now, mcp::Duration fresh = {}) const;
  std::size_t size() const { return sessions_.size(); }

 private:
  using Order = std::list<const std::string*>;
  struct Session {
    std::uint32_t open = 0;
    bool confirmed = false;
    bool used = false;
    mcp::TimePoint last;
    Order::iterator place;  // in `resting_`, where nothing is open
  };
  using Sessions = std::unordered_map<std::string, Session>;

  Sessions::iterator enter(std::string_view id, mcp::TimePoint now);
  void rest(Sessions::iterator session, mcp::TimePoint now);
  void forget_old(mcp::TimePoint now);
  void erase(Sessions::iterator session);

  mcp::Duration idle_;
  std::size_t most_;
  Sessions sessions_;
  Order resting_;  // the longest idle first
};

}  // namespace probes::sidecar
