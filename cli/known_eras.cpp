#include "cli/known_eras.hpp"

#include <chrono>

#include "cli/remembered_era.hpp"

namespace cli {
namespace {

std::int64_t seconds_since_1970() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace

void KnownEras::prepare(Target& target) const {
  if (is_era_dictated(target)) return;
  const auto known = cache_.find(mcp::era_cache_key(target.endpoint), seconds_since_1970());
  if (known) target.client.memory = known;
}

void KnownEras::learn(const Target& target, const probes::Observation& seen) {
  if (!seen.peer || is_era_dictated(target)) return;
  cache_.put(mcp::era_cache_key(target.endpoint), {seen.transport, seen.peer->era()},
             seconds_since_1970());
}

}  // namespace cli
