#include "cli/commands/probe_fleet.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/io/signals.hpp"
#include "probes/health/judge.hpp"
#include "probes/health/probe.hpp"
#include "probes/health/server.hpp"

namespace cli {
namespace {

constexpr std::size_t most_threads = 16;

/// Tells other threads' loops something once: closing the write end makes the read end readable
/// for all of them.
class Broadcast {
 public:
  Broadcast() {
    if (::pipe(ends_.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  }
  ~Broadcast() {
    send();
    ::close(ends_[0]);
  }
  Broadcast(const Broadcast&) = delete;
  Broadcast& operator=(const Broadcast&) = delete;

  int descriptor() const { return ends_[0]; }
  void send() {
    if (ends_[1] != -1) ::close(std::exchange(ends_[1], -1));
  }

 private:
  std::array<int, 2> ends_{};
};

probes::ProbeReport report_of(const ProbeJob& job, const mcp::Error& error,
                              const probes::ProbeOptions& options) {
  probes::Observation seen;
  seen.failure = error;
  auto report = probes::judge(job.name, std::move(seen), options);
  report.reason = error.message;  // no phase was reached
  return report;
}

using OnInterrupt = std::function<void()>;
using WatchInterrupt = std::function<std::unique_ptr<mcp::Handle>(mcp::Loop&, OnInterrupt)>;

probes::ProbeReport run_job(const ProbeJob& job, const probes::ProbeOptions& common,
                            mcp::Loop& loop, const WatchInterrupt& watch) {
  if (!job.target) return report_of(job, job.target.error(), common);
  auto options = common;
  options.timeout = job.target->timeout;
  options.credential_given = has_credential(job.target->endpoint);
  probes::BlockingAccess access(loop, job.target->endpoint, job.target->client);
  std::unique_ptr<mcp::Handle> watched;
  watched = watch(loop, [&] {
    access.interrupt();
    watched.reset();  // a second signal has its usual effect
  });
  return probes::probe(job.name, access, options);
}

std::unique_ptr<mcp::Handle> watch_termination(mcp::Loop& loop, OnInterrupt interrupt) {
  return mcp::watch_signals(loop, {SIGINT, SIGTERM},
                            [interrupt = std::move(interrupt)](int) { interrupt(); });
}

class Fleet {
 public:
  Fleet(const std::vector<ProbeJob>& jobs, const probes::ProbeOptions& options)
      : jobs_(jobs), options_(options), reports_(jobs_.size()) {}

  std::vector<probes::ProbeReport> run() {
    std::vector<std::jthread> threads;
    working_ = std::min(jobs_.size(), most_threads);
    for (auto left = working_.load(); left > 0; --left) threads.emplace_back([this] { work(); });
    const auto loop = mcp::make_loop();
    std::unique_ptr<mcp::Handle> signals;
    signals = watch_termination(*loop, [&] {
      stop_.send();
      signals.reset();
    });
    bool done = false;
    const auto watched = loop->watch(done_.descriptor(), mcp::Interest::read,
                                     [&done](mcp::Readiness) { done = true; });
    while (!done) loop->turn(mcp::TimePoint::max());
    threads.clear();
    return std::move(reports_);
  }

 private:
  void work() {
    const auto loop = mcp::make_loop();
    const auto watch_stop = [this](mcp::Loop& each, OnInterrupt interrupt) {
      return each.watch(stop_.descriptor(), mcp::Interest::read,
                        [interrupt = std::move(interrupt)](mcp::Readiness) { interrupt(); });
    };
    for (auto index = next_++; index < jobs_.size(); index = next_++)
      reports_[index] = run_job(jobs_[index], options_, *loop, watch_stop);
    if (--working_ == 0) done_.send();
  }

  const std::vector<ProbeJob>& jobs_;
  const probes::ProbeOptions& options_;
  std::vector<probes::ProbeReport> reports_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> working_ = 0;
  Broadcast stop_;
  Broadcast done_;
};

}  // namespace

bool has_credential(const mcp::Endpoint& endpoint) {
  return endpoint.token != nullptr ||
         std::ranges::any_of(endpoint.headers, [](const mcp::Header& header) {
           return mcp::equals_ignoring_case(header.name, "Authorization");
         });
}

std::vector<probes::ProbeReport> probe_all(const std::vector<ProbeJob>& jobs,
                                           const probes::ProbeOptions& options) {
  if (jobs.size() > 1) return Fleet(jobs, options).run();
  const auto loop = mcp::make_loop();
  return {run_job(jobs.front(), options, *loop, watch_termination)};
}

}  // namespace cli
