#include "cli/commands/exporter_workers.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "cli/commands/probe_fleet.hpp"
#include "probes/health/judge.hpp"
#include "probes/health/probe.hpp"
#include "probes/health/server.hpp"

namespace cli {
namespace {

mcp::Descriptor make_event() {
  mcp::Descriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) throw std::system_error(errno, std::generic_category(), "eventfd");
  return event;
}

void signal(const mcp::Descriptor& event) {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then the event is there already.
  static_cast<void>(!::write(event.get(), &one, sizeof one));
}

void clear(const mcp::Descriptor& event) {
  std::uint64_t count = 0;
  static_cast<void>(!::read(event.get(), &count, sizeof count));
}

probes::ProbeReport run_probe(const ProbeWork& work, int stop) {
  const auto loop = mcp::make_loop();
  probes::BlockingAccess access(*loop, work.target.endpoint, work.target.client);
  std::unique_ptr<mcp::Handle> watched;
  watched = loop->watch(stop, mcp::Interest::read, [&](mcp::Readiness) {
    access.interrupt();
    watched.reset();
  });
  return probes::probe(work.name, access, work.options);
}

/// A machine without descriptors or memory fails this probe, and not the exporter.
probes::ProbeReport report_of(const std::exception& problem, const ProbeWork& work) {
  probes::Observation seen;
  seen.failure = mcp::Error{.kind = mcp::ErrorKind::limit,
                            .message = std::string("the exporter cannot probe: ") + problem.what()};
  auto report = probes::judge(work.name, std::move(seen), work.options);
  report.reason = report.seen.failure->message;
  return report;
}

}  // namespace

ProbeWorkers::ProbeWorkers(mcp::Loop& loop, Done done)
    : done_(std::move(done)), ready_(make_event()) {
  watched_ = loop.watch(ready_.get(), mcp::Interest::read, [this](mcp::Readiness) { collect(); });
}

ProbeWorkers::~ProbeWorkers() {
  watched_.reset();
  cancel_all();
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  threads_.clear();
}

void ProbeWorkers::start(std::uint64_t id, ProbeWork work) {
  auto job = std::make_shared<Job>(Job{.id = id, .work = std::move(work), .stop = make_event()});
  if (threads_.size() <= running_.size()) threads_.emplace_back([this] { this->work(); });
  running_.emplace(id, job);
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void ProbeWorkers::cancel(std::uint64_t id) {
  const auto found = running_.find(id);
  if (found != running_.end()) signal(found->second->stop);
}

void ProbeWorkers::cancel_all() {
  for (const auto& [id, job] : running_) signal(job->stop);
}

std::shared_ptr<ProbeWorkers::Job> ProbeWorkers::next_job() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return ending_ || !queue_.empty(); });
  if (queue_.empty()) return nullptr;
  auto job = std::move(queue_.front());
  queue_.pop_front();
  return job;
}

void ProbeWorkers::work() {
  while (const auto job = next_job()) {
    try {
      finish({.id = job->id, .report = run_probe(job->work, job->stop.get())});
    } catch (const std::exception& problem) {
      finish({.id = job->id, .report = report_of(problem, job->work)});
    }
  }
}

void ProbeWorkers::finish(Finished finished) {
  {
    const std::lock_guard lock(mutex_);
    finished_.push_back(std::move(finished));
  }
  signal(ready_);
}

void ProbeWorkers::collect() {
  clear(ready_);
  std::vector<Finished> finished;
  {
    const std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  for (auto& each : finished) {
    running_.erase(each.id);
    done_(each.id, std::move(each.report));
  }
}

}  // namespace cli
