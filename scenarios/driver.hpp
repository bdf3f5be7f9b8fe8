#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "scenarios/live_figures.hpp"
#include "scenarios/request_maker.hpp"
#include "scenarios/tracer.hpp"
#include "scenarios/worker.hpp"

namespace scenarios {

/// What the threads tell while they drive: on a timer of theirs, a few times a second, so that
/// nothing is shared where a request is sent or answered.
struct Telling {
  bool latencies = false;        // Driver::latencies
  mcp::Duration totals_every{};  // Driver::totals; zero: never
  TraceSampling traces;          // Driver::take_traces; of all threads together
  std::uint64_t trace_seed = 0;  // another one for each run
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
  Telling telling;
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
  LiveLatencies latencies() const;
  /// As each thread told it last; without threads when none did yet.
  Recording totals() const;
  /// Requests that were traced and have ended since the last time.
  std::vector<TracedRequest> take_traces();
  /// Those that nobody took in time.
  std::uint64_t dropped_traces() const;
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
