#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mcp/base/time.hpp"
#include "mcp/session/revision.hpp"

namespace mcp::testserver {

/// What a transport keeps for a session: streams, calls in the works. It dies with the session.
class SessionPeer {
 public:
  virtual ~SessionPeer() = default;
  /// The client holds a stream open or waits for a response: the session does not expire.
  virtual bool busy() const = 0;
};

/// One legacy session, as negotiated by `initialize`.
struct Session {
  std::string id;
  Revision revision = latest_legacy;
  bool initialized = false;  // `initialize` was answered
  bool can_elicit = false;
  bool can_sample = false;
  bool has_roots = false;
  int log_rank = -1;  // set by logging/setLevel
  std::set<std::string, std::less<>> subscriptions;
  std::int64_t next_question = 0;  // ids of our own requests
  TimePoint last_used;
  std::unique_ptr<SessionPeer> peer;
};

/// All sessions, by id. Reads no clock: the caller says what time it is.
class SessionTable {
 public:
  /// A TTL of zero: sessions never expire.
  SessionTable(Duration ttl, std::size_t limit) : ttl_(ttl), limit_(limit) {}

  /// Null when the table is full.
  Session* create(std::string id, TimePoint now);
  /// Counts as use.
  Session* find(std::string_view id, TimePoint now);
  bool remove(std::string_view id);
  /// Removes the sessions that were not used for the TTL; says how many.
  std::size_t expire(TimePoint now);
  std::size_t size() const { return sessions_.size(); }

  template <typename Visit>
  void for_each(Visit visit) {
    for (auto& session : sessions_) visit(session);
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  Duration ttl_;
  std::size_t limit_;
  std::list<Session> sessions_;  // least recently used first
  std::unordered_map<std::string_view, std::list<Session>::iterator, Hash, std::equal_to<>> by_id_;
};

}  // namespace mcp::testserver
