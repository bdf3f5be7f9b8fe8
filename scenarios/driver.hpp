#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "scenarios/request_maker.hpp"
#include "scenarios/worker.hpp"

namespace scenarios {

/// What a run has done so far, for the person who waits for it.
struct LiveFigures {
  std::uint64_t requests = 0;  // that ended, well or in a failure
  std::uint64_t failed = 0;
  std::uint64_t sessions = 0;  // open now
  std::uint64_t sessions_lost = 0;
};

struct DriverOptions {
  Scenario scenario;
  Shard shard;
  unsigned threads = 1;
  /// Called in each thread, with its loop: what makes the ports of its agents.
  std::function<Agent::MakePort(mcp::Loop&)> make_ports;
  SampledArguments samples;
  /// Far enough ahead for the threads to be there.
  mcp::TimePoint start;
  /// CPU time of the thread that asks; may be unset.
  std::function<mcp::Duration()> cpu_time;
};

/// Drives one shard of a scenario in threads, each with its loop, its ports and its recorder. The
/// agents are dealt out to threads as they are to shards; nothing that they do meets before their
/// recordings are merged.
class Driver {
 public:
  /// Starts the threads.
  explicit Driver(DriverOptions options);
  /// Waits for them.
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// Ends the schedule: agents drain and leave, soon after. From any thread.
  void stop() { stopped_ = true; }
  bool is_over() const { return running_ == 0; }
  LiveFigures figures() const;
  /// Waits for the end. What a thread threw is thrown here.
  Recording finish();

 private:
  class Thread;

  DriverOptions options_;
  std::atomic<bool> stopped_ = false;
  std::atomic<std::size_t> running_ = 0;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace scenarios
