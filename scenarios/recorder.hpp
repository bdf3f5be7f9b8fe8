#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/incident.hpp"
#include "scenarios/recording.hpp"

namespace scenarios {

/// One request, noted when it ended: with its answer, its failure or its deadline.
struct Sample {
  StepId step = 0;
  /// When the schedule wanted it to start. In a closed loop this is `started`.
  mcp::TimePoint intended;
  /// When it was handed to the transport.
  mcp::TimePoint started;
  mcp::TimePoint ended;
  std::optional<Failure> failure;  // none: it ended well
  int http_status = 0;             // of the failures http_status and session_lost
  /// How long the agent itself held it back, since its session was lost or as many requests were
  /// open as it may have. That wait is latency, and no lag of the driver.
  mcp::Duration held{};
  /// How long nothing had been sent or received on the session when it started.
  mcp::Duration idle{};
};

struct RecorderOptions {
  /// Steps of the plan; a sample's `step` is an index into this.
  std::vector<Step> steps;
  /// The start of the run, the same for all threads.
  mcp::TimePoint start;
  /// A request that starts later than intended by more than this is late: the driver, not the
  /// server, was slow. Ten milliseconds: an idle machine keeps 0.1 ms and a busy neighbour costs
  /// a few, while ten would show in the latencies that people set thresholds on.
  mcp::Duration late_after = std::chrono::milliseconds{10};
};

/// What one thread notes while it drives its agents: no clock, no lock, nothing shared, memory
/// bounded however long the run. After the threads have joined, their recordings are merged.
/// Every request of the schedule is noted exactly once, by `request`, `abandoned` or
/// `not_started`; sessions, connections and strays are noted beside it.
class Recorder {
 public:
  explicit Recorder(RecorderOptions options);

  // Requests
  void request(const Sample& sample);
  /// It was sent, and the run ended before its answer or its deadline. Neither an error nor a
  /// latency, but stated.
  void abandoned(StepId step, mcp::TimePoint intended, mcp::TimePoint started,
                 mcp::Duration held = {});
  /// Its intended start passed and it was never sent, since the run ended first, at `at`. What this
  /// machine could not send is a request with Failure::local.
  void not_started(StepId step, mcp::TimePoint intended, mcp::TimePoint at,
                   mcp::Duration held = {});
  /// A message that nobody waits for (is_stray(kind)). `step` is that of the request that it
  /// belongs to; of a wrong id that of any request that was under way.
  void stray(Failure kind, StepId step, mcp::TimePoint at);

  // Sessions. A lost session is an incident with Subject::session, and its agent goes on with
  // `session_reinitialised` (which is not also `session_opened`) or not at all.
  void session_opened(mcp::TimePoint at);
  void session_closed(mcp::TimePoint at, mcp::Duration lasted = {});
  void session_reinitialised(mcp::TimePoint lost_at, mcp::TimePoint at);

  // Connections: the first one of an agent (or each of as many as the scenario says) is made, one
  // that replaces a connection that is gone is a reconnect and not also made.
  void connection_made(mcp::TimePoint at);
  void reconnected(mcp::TimePoint at);

  /// A session lost, or a connection or stream cut by the other side. What the driver itself
  /// closes is not noted here.
  struct Cut {
    mcp::TimePoint at;
    AgentId agent = 0;
    Subject subject = Subject::connection;
    CutBy by = CutBy::fin;
    int http_status = 0;
    mcp::Duration idle{};
    bool keep_alive_seen = false;
    mcp::Duration age{};
    std::uint64_t answers = 0;
  };
  void cut(const Cut& cut);

  /// A request of the server (ping, sampling, elicitation, roots) that was answered.
  void server_request_answered(mcp::TimePoint at);
  /// Of any agent; those that are not sampled are dropped here.
  void activity(AgentId agent, Activity activity, mcp::TimePoint from, mcp::TimePoint to);
  /// CPU time that this thread used from `from` to `to`, about once a second.
  void cpu(mcp::TimePoint from, mcp::TimePoint to, mcp::Duration used);
  /// The schedule has ended at `at`; what is noted from here on was only awaited. Called once, when
  /// it happens.
  void schedule_ended(mcp::TimePoint at);

  /// May be read at any time by the thread that records (the live screen merges copies).
  const Recording& recording() const { return recording_; }

 private:
  Slot& slot(mcp::TimePoint time) { return recording_.timeline.at(time - start_); }
  void count_start(mcp::TimePoint intended, mcp::Duration lag);

  mcp::TimePoint start_;
  Recording recording_;
  bool ended_ = false;
};

}  // namespace scenarios
