#pragma once

#include <vector>

#include "probes/sidecar/session_count.hpp"

namespace probes::sidecar {

/// Several counters in order of trust: the first that has a number is believed, and it is said why
/// those before it have none.
class TrustedSessions final : public SessionCounter {
 public:
  /// The most trusted first; they outlive this.
  explicit TrustedSessions(std::vector<SessionCounter*> counters);

  SessionCount count(mcp::TimePoint now) const override;
  void refuse_new() override;
  std::size_t cut_all() override;

 private:
  std::vector<SessionCounter*> counters_;
};

}  // namespace probes::sidecar
