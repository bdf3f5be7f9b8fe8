#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/target.hpp"
#include "mcp/io/descriptor.hpp"
#include "mcp/io/loop.hpp"
#include "probes/health/options.hpp"
#include "probes/health/report.hpp"

namespace cli {

/// One probe that is to be made.
struct ProbeWork {
  std::string name;
  Target target;
  probes::ProbeOptions options;
};

/// Threads that probe, each with a loop of its own, so that the loop which asks for it never waits.
/// They are started as they are needed and stay. Everything but the threads' own work happens on
/// the loop that was given.
class ProbeWorkers {
 public:
  using Done = std::move_only_function<void(std::uint64_t id, probes::ProbeReport report)>;

  /// `done` is called on `loop`, once for each probe.
  ProbeWorkers(mcp::Loop& loop, Done done);
  /// Ends the probes that run, cleaning up what they have opened, and waits for that.
  ~ProbeWorkers();
  ProbeWorkers(const ProbeWorkers&) = delete;
  ProbeWorkers& operator=(const ProbeWorkers&) = delete;

  /// Starts at once: there are as many threads as probes run at a time. Throws std::system_error
  /// when there is no thread or descriptor for it.
  void start(std::uint64_t id, ProbeWork work);
  /// The probe ends soon, with the verdict interrupted.
  void cancel(std::uint64_t id);
  void cancel_all();
  std::size_t running() const { return running_.size(); }

 private:
  /// Shared between the thread that probes and who may want to end it.
  struct Job {
    std::uint64_t id = 0;
    ProbeWork work;
    mcp::Descriptor stop;
  };
  struct Finished {
    std::uint64_t id = 0;
    probes::ProbeReport report;
  };

  void work();
  std::shared_ptr<Job> next_job();
  void finish(Finished finished);
  void collect();

  Done done_;
  std::map<std::uint64_t, std::shared_ptr<Job>> running_;
  mcp::Descriptor ready_;
  std::unique_ptr<mcp::Handle> watched_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> queue_;
  std::vector<Finished> finished_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace cli
