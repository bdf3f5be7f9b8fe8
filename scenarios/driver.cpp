#include "scenarios/driver.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include "mcp/io/loop.hpp"

namespace scenarios {
namespace {

/// How often a thread looks whether it shall stop, and tells how far it is.
constexpr std::chrono::milliseconds glance_every{100};

/// The shard of a shard that one thread has: its agents' numbers leave one remainder.
Shard share_of(const DriverOptions& options, unsigned thread) {
  return {.index = options.shard.index + thread * options.shard.count,
          .count = options.shard.count * options.threads};
}

}  // namespace

class Driver::Thread {
 public:
  Thread(Driver& driver, unsigned number)
      : driver_(driver), number_(number), thread_([this] { run(); }) {}
  ~Thread() { join(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  void join() {
    if (thread_.joinable()) thread_.join();
  }
  /// After `join`.
  const Recording& recording() const {
    if (failure_) std::rethrow_exception(failure_);
    return recording_;
  }
  void add_to(LiveFigures& sum) const {
    sum.requests += requests_.load(std::memory_order_relaxed);
    sum.failed += failed_.load(std::memory_order_relaxed);
    sum.sessions += sessions_.load(std::memory_order_relaxed);
    sum.sessions_lost += lost_.load(std::memory_order_relaxed);
  }

 private:
  void run() {
    try {
      drive();
    } catch (...) {
      failure_ = std::current_exception();
      driver_.stop();
    }
    --driver_.running_;
  }

  void drive() {
    const auto& options = driver_.options_;
    const Plan plan(options.scenario, share_of(options, number_));
    const SampledArguments samples = options.samples;
    const auto loop = mcp::make_load_loop();
    Worker worker({.plan = plan,
                   .loop = *loop,
                   .make_port = options.make_ports(*loop),
                   .start = options.start,
                   .samples = &samples,
                   .cpu_time = options.cpu_time});
    std::unique_ptr<mcp::Handle> timer;
    glance(worker, *loop, timer);
    worker.run();
    publish(worker.recording());
    recording_ = worker.finished();
  }

  void glance(Worker& worker, mcp::Loop& loop, std::unique_ptr<mcp::Handle>& timer) {
    publish(worker.recording());
    if (driver_.stopped_ && !std::exchange(told_, true)) worker.stop();
    timer = loop.start_timer(loop.now() + glance_every, [&] { glance(worker, loop, timer); });
  }

  void publish(const Recording& recording) {
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    for (const auto& step : recording.by_step) {
      requests += step.requests;
      failed += failed_requests(step.failures);
    }
    const auto& totals = recording.totals;
    const auto lost = recording.incidents.count(Subject::session);
    const auto opened = totals.sessions_opened + totals.sessions_reinitialised;
    requests_.store(requests, std::memory_order_relaxed);
    failed_.store(failed, std::memory_order_relaxed);
    lost_.store(lost, std::memory_order_relaxed);
    sessions_.store(opened - std::min(opened, totals.sessions_closed + lost),
                    std::memory_order_relaxed);
  }

  Driver& driver_;
  unsigned number_;
  bool told_ = false;
  Recording recording_;
  std::exception_ptr failure_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<std::uint64_t> sessions_ = 0;
  std::atomic<std::uint64_t> lost_ = 0;
  std::thread thread_;  // last: it uses all above
};

Driver::Driver(DriverOptions options) : options_(std::move(options)), running_(options_.threads) {
  for (unsigned number = 0; number < options_.threads; ++number) {
    threads_.push_back(std::make_unique<Thread>(*this, number));
  }
}

Driver::~Driver() = default;

LiveFigures Driver::figures() const {
  LiveFigures sum;
  for (const auto& thread : threads_) thread->add_to(sum);
  return sum;
}

Recording Driver::finish() {
  for (const auto& thread : threads_) thread->join();
  Recording whole;
  for (const auto& thread : threads_) whole.merge(thread->recording());
  return whole;
}

}  // namespace scenarios
