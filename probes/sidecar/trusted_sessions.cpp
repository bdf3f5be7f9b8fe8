#include "probes/sidecar/trusted_sessions.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace probes::sidecar {

TrustedSessions::TrustedSessions(std::vector<SessionCounter*> counters)
    : counters_(std::move(counters)) {}

SessionCount TrustedSessions::count(mcp::TimePoint now) const {
  std::string problems;
  for (const auto* counter : counters_) {
    auto count = counter->count(now);
    if (!count.problem.empty()) {
      if (!problems.empty()) problems += "; ";
      problems += count.problem;
    }
    if (!count.active) continue;
    count.problem = std::move(problems);
    return count;
  }
  if (counters_.empty()) problems = "nothing that counts sessions is set up";
  return {.problem = std::move(problems)};
}

void TrustedSessions::refuse_new() {
  for (auto* counter : counters_) counter->refuse_new();
}

std::size_t TrustedSessions::cut_all() {
  std::size_t most = 0;
  for (auto* counter : counters_) most = std::max(most, counter->cut_all());
  return most;
}

}  // namespace probes::sidecar
