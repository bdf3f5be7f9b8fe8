#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mcp/base/json.hpp"
#include "mcp/session/session.hpp"

namespace mcp {

/// One call on its way. An input round or a version retry sends it again under a new id; its
/// handle stays the id that the caller was given.
struct Call {
  std::int64_t handle = 0;
  std::string method;
  Json params;  // as the caller gave them
  CallOptions options;
  OnReply on_reply;
  /// The revision that its requests declare; none for a legacy handshake.
  std::optional<Revision> revision;
  std::size_t input_rounds = 0;
  bool version_retried = false;
  bool ended_by_server = false;

  bool is_modern() const { return revision && era_of(*revision) == Era::modern; }
};

/// The calls that wait for an answer, by the id on the wire, and what became of earlier ids.
class CallTable {
 public:
  enum class Fate { never_sent, given_up, answered };

  explicit CallTable(std::int64_t first_id = 1) : first_id_(first_id), last_id_(first_id - 1) {}

  std::int64_t next_id() { return ++last_id_; }
  void insert(std::int64_t id, Call call);
  Call* find(const RequestId& id);
  /// The id on the wire of the call with this handle.
  std::optional<std::int64_t> id_of(const RequestId& handle) const;
  Call take_answered(std::int64_t id) { return take(id); }
  Call take_given_up(std::int64_t id);

  Fate fate(std::int64_t id) const;
  /// A late answer came to an id that was given up: the next one is no longer expected.
  void settle(std::int64_t id);

  std::vector<std::int64_t> ids() const;
  std::vector<std::int64_t> due(TimePoint now) const;
  std::optional<TimePoint> next_deadline() const;
  std::size_t size() const { return calls_.size(); }

 private:
  Call take(std::int64_t id);

  std::map<std::int64_t, Call> calls_;
  std::int64_t first_id_;
  std::int64_t last_id_;
  std::list<std::int64_t> given_up_;  // the newest ones
};

}  // namespace mcp
