#include "mcp/session/call_table.hpp"

#include <algorithm>
#include <utility>

namespace mcp {
namespace {

/// How many late answers can be told from duplicate ones.
constexpr std::size_t remembered = 1024;

}  // namespace

void CallTable::insert(std::int64_t id, Call call) {
  calls_.emplace(id, std::move(call));
}

Call* CallTable::find(const RequestId& id) {
  const auto* number = std::get_if<std::int64_t>(&id);
  const auto found = number == nullptr ? calls_.end() : calls_.find(*number);
  return found == calls_.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> CallTable::id_of(const RequestId& handle) const {
  const auto found = std::ranges::find_if(
      calls_, [&handle](const auto& entry) { return RequestId(entry.second.handle) == handle; });
  if (found == calls_.end()) return std::nullopt;
  return found->first;
}

Call CallTable::take(std::int64_t id) {
  return std::move(calls_.extract(id).mapped());
}

Call CallTable::take_given_up(std::int64_t id) {
  given_up_.push_back(id);
  if (given_up_.size() > remembered) given_up_.pop_front();
  return take(id);
}

CallTable::Fate CallTable::fate(std::int64_t id) const {
  if (id < first_id_ || id > last_id_) return Fate::never_sent;
  const bool known = std::ranges::find(given_up_, id) != given_up_.end();
  return known ? Fate::given_up : Fate::answered;
}

void CallTable::settle(std::int64_t id) {
  std::erase(given_up_, id);
}

std::vector<std::int64_t> CallTable::ids() const {
  std::vector<std::int64_t> ids;
  ids.reserve(calls_.size());
  for (const auto& [id, call] : calls_) ids.push_back(id);
  return ids;
}

std::vector<std::int64_t> CallTable::due(TimePoint now) const {
  std::vector<std::int64_t> ids;
  for (const auto& [id, call] : calls_) {
    if (call.options.deadline <= now) ids.push_back(id);
  }
  return ids;
}

std::optional<TimePoint> CallTable::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& [id, call] : calls_) {
    if (call.options.deadline == TimePoint::max()) continue;
    next = std::min(next.value_or(TimePoint::max()), call.options.deadline);
  }
  return next;
}

}  // namespace mcp
