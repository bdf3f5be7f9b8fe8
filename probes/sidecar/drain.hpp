#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "mcp/io/loop.hpp"
#include "probes/sidecar/sidecar.hpp"

namespace probes::sidecar {

/// Whether sessions besides the sidecar's own can exist at all: over stdio they cannot.
enum class OtherSessions { possible, impossible };

/// Waits until no session is active, for several callers at once. What is open is cut when the last
/// one's time is up: nobody then gives it more. `least` after the first call is the soonest end, as
/// new sessions still come while load balancers have not learnt of it.
class Drain {
 public:
  Drain(mcp::Loop& loop, SessionCounter& sessions, OtherSessions others, mcp::Duration least)
      : loop_(loop), sessions_(sessions), others_(others), least_(least) {}

  using Done = std::move_only_function<void(DrainResult)>;
  void wait(mcp::TimePoint until, Done done);
  /// Each caller gets its end now; nothing is cut.
  void stop();

  bool has_begun() const { return begun_.has_value(); }
  /// The latest end that a caller waits for; nothing where none does.
  std::optional<mcp::TimePoint> until() const;

 private:
  struct Waiter {
    mcp::TimePoint begun;
    mcp::TimePoint until;
    Done done;
  };

  void look();
  void look_again();
  bool is_empty(const SessionCount& count) const;
  bool is_soonest_end_over() const;
  void end(Waiter waiter, const SessionCount& count, std::size_t cut);

  mcp::Loop& loop_;
  SessionCounter& sessions_;
  OtherSessions others_;
  mcp::Duration least_;
  std::optional<mcp::TimePoint> begun_;
  std::vector<Waiter> waiters_;
  std::unique_ptr<mcp::Handle> timer_;
};

}  // namespace probes::sidecar
