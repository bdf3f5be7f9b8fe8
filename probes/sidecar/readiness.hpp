#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/time.hpp"

namespace probes::sidecar {

/// Where a server stands. starting → ready ⇄ degraded → draining → stopped; nothing leads back from
/// draining.
enum class State { starting, ready, degraded, draining, stopped };

std::string_view to_string(State state);

/// What one probe says about the server as a whole.
enum class Sign {
  good,     // it answered as it must
  bad,      // it answered, and is not fit to serve (an error, a session that died, no tools)
  down,     // it hangs or refuses: no answer came
  neutral,  // it is alive, and nothing more can be said (429)
};

std::string_view to_string(Sign sign);

/// Times and counts of the state machine. Thresholds are at least 1.
struct Thresholds {
  int failure = 3;   // bad or down signs in a row that make a ready server degraded
  int success = 1;   // good signs in a row that make a server ready
  int liveness = 6;  // down signs in a row that fail /livez
  mcp::Duration startup_grace = std::chrono::minutes(1);  // down signs before fail nothing
  mcp::Duration stale_after = std::chrono::seconds(30);   // a verdict older than that is none
};

/// What /readyz, /livez and /startupz answer, and why in one line that is safe to print.
struct Answer {
  bool ok = false;
  std::string reason;
};

enum class DrainReadiness { ok, fail };

/// The state machine of a sidecar: reads no clock, and never waits. `now` never goes back.
class Readiness {
 public:
  Readiness(Thresholds thresholds, DrainReadiness while_draining, mcp::TimePoint now);

  /// The outcome of one probe; `reason` is one line that is safe to print.
  void observe(Sign sign, std::string reason, mcp::TimePoint now);
  void drain(mcp::TimePoint now);
  void stop(mcp::TimePoint now);

  State state() const { return state_; }
  mcp::TimePoint since() const { return since_; }
  const std::string& reason() const { return reason_; }
  std::optional<mcp::TimePoint> last_sign() const { return last_sign_; }
  int failures_in_row() const { return failures_; }
  int successes_in_row() const { return successes_; }

  Answer ready(mcp::TimePoint now) const;
  /// Fails only when the server hangs or refuses again and again.
  Answer live(mcp::TimePoint now) const;
  /// Passes for good once the server was ready.
  Answer started(mcp::TimePoint now) const;

 private:
  void count(Sign sign, mcp::TimePoint now);
  void enter(State state, std::string reason, mcp::TimePoint now);

  Thresholds thresholds_;
  DrainReadiness while_draining_;
  mcp::TimePoint begin_;
  State state_ = State::starting;
  mcp::TimePoint since_;
  std::string reason_ = "no probe has ended yet";
  std::optional<mcp::TimePoint> last_sign_;
  int failures_ = 0;
  int successes_ = 0;
  int downs_ = 0;
  std::string down_reason_;  // of the newest down sign
  bool was_ready_ = false;
};

}  // namespace probes::sidecar
