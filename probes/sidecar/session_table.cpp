#include "probes/sidecar/session_table.hpp"

#include <algorithm>

#include "mcp/base/digest.hpp"

namespace probes::sidecar {
namespace {

/// Ids are the peer's, and may be as long as a header.
std::string key_of(std::string_view id) {
  constexpr std::size_t longest = 64;
  return id.size() > longest ? mcp::sha256_digest(id) : std::string(id);
}

}  // namespace

SessionTable::Sessions::iterator SessionTable::enter(std::string_view id, mcp::TimePoint now) {
  forget_old(now);
  const auto [session, is_new] = sessions_.try_emplace(key_of(id));
  if (is_new) {
    if (sessions_.size() > most_ && !resting_.empty()) remove(*resting_.front());
    session->second.place = resting_.insert(resting_.end(), &session->first);
  }
  session->second.last = now;
  return session;
}

void SessionTable::add(std::string_view id, mcp::TimePoint now) {
  enter(id, now)->second.confirmed = true;
}

void SessionTable::open(std::string_view id, mcp::TimePoint now) {
  const auto session = enter(id, now);
  if (session->second.open++ == 0) resting_.erase(session->second.place);
}

void SessionTable::confirm(std::string_view id, bool used) {
  const auto found = sessions_.find(key_of(id));
  if (found == sessions_.end()) return;
  found->second.confirmed = true;
  if (used) found->second.used = true;
}

void SessionTable::close(std::string_view id, mcp::TimePoint now) {
  const auto found = sessions_.find(key_of(id));
  if (found == sessions_.end() || found->second.open == 0) return;
  if (--found->second.open == 0) rest(found, now);
}

void SessionTable::rest(Sessions::iterator session, mcp::TimePoint now) {
  auto& [id, state] = *session;
  state.last = now;
  state.place = resting_.insert(resting_.end(), &id);
  // Anybody may send any id: one that the server never took for its own is none.
  if (!state.confirmed) erase(session);
}

void SessionTable::forget_old(mcp::TimePoint now) {
  while (!resting_.empty()) {
    const auto oldest = sessions_.find(*resting_.front());
    if (now - oldest->second.last <= idle_) return;
    erase(oldest);
  }
}

void SessionTable::erase(Sessions::iterator session) {
  if (session->second.open == 0) resting_.erase(session->second.place);
  sessions_.erase(session);
}

void SessionTable::remove(std::string_view id) {
  const auto found = sessions_.find(key_of(id));
  if (found != sessions_.end()) erase(found);
}

void SessionTable::clear() {
  resting_.clear();
  sessions_.clear();
}

std::size_t SessionTable::active(mcp::TimePoint now, mcp::Duration fresh) const {
  return static_cast<std::size_t>(std::ranges::count_if(sessions_, [&](const auto& entry) {
    const auto& session = entry.second;
    const auto rested = now - session.last;
    return session.open > 0 || (session.used ? rested <= idle_ : rested < fresh);
  }));
}

}  // namespace probes::sidecar
