#include "scenarios/driver.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "mcp/io/loop.hpp"

namespace scenarios {
namespace {

/// How often a thread looks whether it shall stop, and tells how far it is.
constexpr std::chrono::milliseconds glance_every{100};
/// Percentiles cost more than counts.
constexpr std::chrono::milliseconds latencies_every{500};

/// The shard of a shard that one thread has: its agents' numbers leave one remainder.
Shard share_of(const DriverOptions& options, unsigned thread) {
  return {.index = options.shard.index + thread * options.shard.count,
          .count = options.shard.count * options.threads};
}

TraceSampling part_of(const DriverOptions& options) {
  auto sampling = options.telling.traces;
  sampling.per_second /= options.threads;
  return sampling;
}

}  // namespace

class Driver::Thread {
 public:
  Thread(Driver& driver, unsigned number)
      : driver_(driver),
        number_(number),
        tracer_(part_of(driver.options_), driver.options_.telling.trace_seed + number),
        thread_([this] { run(); }) {}
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
    const std::lock_guard lock(told_mutex_);
    sum.merge(told_.figures);
  }
  void add_to(LiveLatencies& sum) const {
    const std::lock_guard lock(told_mutex_);
    sum.merge(told_.latencies);
  }
  void add_to(Recording& sum) const {
    const std::lock_guard lock(told_mutex_);
    sum.merge(told_.totals);
  }
  void move_to(std::vector<TracedRequest>& all) {
    const std::lock_guard lock(told_mutex_);
    std::ranges::move(told_.traces, std::back_inserter(all));
    told_.traces.clear();
  }
  std::uint64_t dropped_traces() const {
    const std::lock_guard lock(told_mutex_);
    return told_.dropped_traces;
  }

 private:
  /// Taken by this thread's tick and by whoever reads, and by nothing that a request waits for.
  struct Told {
    LiveFigures figures;
    LiveLatencies latencies;
    Recording totals;
    std::vector<TracedRequest> traces;
    std::uint64_t dropped_traces = 0;
  };

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
    const auto loop = mcp::make_lean_loop();
    Worker worker({.plan = plan,
                   .loop = *loop,
                   .make_port = options.make_ports(*loop),
                   .start = options.start,
                   .samples = &samples,
                   .tracer = options.telling.traces.is_on() ? &tracer_ : nullptr,
                   .cpu_time = options.cpu_time});
    std::unique_ptr<mcp::Handle> timer;
    glance(worker, *loop, timer);
    worker.run();
    tell(worker, loop->now(), Detail::all);
    recording_ = worker.finished();
  }

  void glance(Worker& worker, mcp::Loop& loop, std::unique_ptr<mcp::Handle>& timer) {
    tell(worker, loop.now(), Detail::what_is_due);
    if (driver_.stopped_ && !std::exchange(was_stopped_, true)) worker.stop();
    timer = loop.start_timer(loop.now() + glance_every, [&] { glance(worker, loop, timer); });
  }

  enum class Detail : std::uint8_t { what_is_due, all };

  static bool is_due(mcp::TimePoint now, mcp::TimePoint& next, mcp::Duration every, Detail detail) {
    if (now < next && detail != Detail::all) return false;
    next = now + every;
    return true;
  }

  /// Copies first and takes the lock for the exchange alone.
  void tell(const Worker& worker, mcp::TimePoint now, Detail detail) {
    const auto& telling = driver_.options_.telling;
    const auto& recording = worker.recording();
    const auto figures = figures_of(recording, worker.under_way());
    std::optional<LiveLatencies> latencies;
    if (telling.latencies && is_due(now, next_latencies_, latencies_every, detail)) {
      latencies = latencies_of(recording);
    }
    std::optional<Recording> totals;
    if (telling.totals_every > mcp::Duration::zero() &&
        is_due(now, next_totals_, telling.totals_every, detail)) {
      totals = totals_of(recording);
    }
    const std::lock_guard lock(told_mutex_);
    told_.figures = figures;
    if (latencies) std::swap(told_.latencies, *latencies);
    if (totals) std::swap(told_.totals, *totals);
    tell_traces();
  }

  void tell_traces() {
    for (auto& traced : tracer_.take()) {
      if (told_.traces.size() < Tracer::most) {
        told_.traces.push_back(traced);
      } else {
        ++untaken_;
      }
    }
    told_.dropped_traces = tracer_.dropped() + untaken_;
  }

  Driver& driver_;
  unsigned number_;
  bool was_stopped_ = false;
  Recording recording_;
  std::exception_ptr failure_;
  Tracer tracer_;
  std::uint64_t untaken_ = 0;
  mcp::TimePoint next_latencies_;
  mcp::TimePoint next_totals_;
  mutable std::mutex told_mutex_;
  Told told_;
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

LiveLatencies Driver::latencies() const {
  LiveLatencies sum;
  for (const auto& thread : threads_) thread->add_to(sum);
  return sum;
}

Recording Driver::totals() const {
  Recording sum;
  for (const auto& thread : threads_) thread->add_to(sum);
  return sum;
}

std::vector<TracedRequest> Driver::take_traces() {
  std::vector<TracedRequest> all;
  for (const auto& thread : threads_) thread->move_to(all);
  return all;
}

std::uint64_t Driver::dropped_traces() const {
  std::uint64_t dropped = 0;
  for (const auto& thread : threads_) dropped += thread->dropped_traces();
  return dropped;
}

Recording Driver::finish() {
  for (const auto& thread : threads_) thread->join();
  Recording whole;
  for (const auto& thread : threads_) whole.merge(thread->recording());
  return whole;
}

}  // namespace scenarios
