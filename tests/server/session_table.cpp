#include "tests/server/session_table.hpp"

#include <iterator>
#include <utility>

namespace mcp::testserver {

Session* SessionTable::create(std::string id, TimePoint now) {
  if (sessions_.size() >= limit_) return nullptr;
  auto& session = sessions_.emplace_back();
  session.id = std::move(id);
  session.last_used = now;
  by_id_.emplace(session.id, std::prev(sessions_.end()));
  return &session;
}

Session* SessionTable::find(std::string_view id, TimePoint now) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  sessions_.splice(sessions_.end(), sessions_, found->second);
  found->second->last_used = now;
  return &*found->second;
}

bool SessionTable::remove(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  // Out of the table first: what dies with the session may look it up.
  std::list<Session> removed;
  removed.splice(removed.begin(), sessions_, found->second);
  by_id_.erase(found);
  return true;
}

std::size_t SessionTable::expire(TimePoint now) {
  if (ttl_ == Duration::zero()) return 0;
  std::size_t count = 0;
  while (!sessions_.empty() && now - sessions_.front().last_used >= ttl_) {
    auto& oldest = sessions_.front();
    if (oldest.peer != nullptr && oldest.peer->busy()) {
      static_cast<void>(find(oldest.id, now));
      continue;
    }
    remove(std::string(oldest.id));
    ++count;
  }
  return count;
}

}  // namespace mcp::testserver
