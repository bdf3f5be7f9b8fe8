#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "scenarios/agent.hpp"

namespace scenarios {

struct WorkerOptions {
  const Plan& plan;
  mcp::Loop& loop;
  Agent::MakePort make_port;
  /// The same for all threads; what the plan's times count from.
  mcp::TimePoint start;
  const SampledArguments* samples = nullptr;
  Tracer* tracer = nullptr;
  /// CPU time of this thread so far; may be unset.
  std::function<mcp::Duration()> cpu_time;
  mcp::Duration late_after = std::chrono::milliseconds(10);
};

/// Drives the agents of a plan on one loop, in one thread, with a recorder of its own.
class Worker {
 public:
  explicit Worker(WorkerOptions options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Turns the loop until every agent has left.
  void run();
  /// Ends the schedule now: agents drain and leave. From inside the loop (a signal), any time.
  void stop();
  bool is_over() const { return finished_ == agents_.size(); }
  /// May be read between turns, for the live screen.
  const Recording& recording() const { return recorder_.recording(); }
  const UnderWay& under_way() const { return under_way_; }
  /// After the run: the recording, with what became of the sessions where they are followed.
  Recording finished() const;
  const std::vector<std::unique_ptr<Agent>>& agents() const { return agents_; }

 private:
  void begin();
  void end_schedule();
  void note_cpu();

  WorkerOptions options_;
  Recorder recorder_;
  UnderWay under_way_;
  Turnstile goodbyes_;
  RolloutTracker rollout_;
  std::vector<std::unique_ptr<Agent>> agents_;
  std::size_t finished_ = 0;
  bool ended_ = false;
  std::unique_ptr<mcp::Handle> end_timer_;
  std::unique_ptr<mcp::Handle> cpu_timer_;
  mcp::TimePoint cpu_from_;
  mcp::Duration cpu_before_{};
};

}  // namespace scenarios
