#include "scenarios/worker.hpp"

#include <algorithm>
#include <utility>

namespace scenarios {
namespace {

constexpr std::chrono::seconds cpu_every{1};
/// Of a shorter time the share of a core says nothing.
constexpr std::chrono::milliseconds least_cpu_time{100};
/// Ten thousand agents that end in the same moment would need as many new connections, where their
/// own carry a stream: memory and descriptors of the whole run several times over.
constexpr std::size_t goodbyes_at_once = 128;

}  // namespace

Worker::Worker(WorkerOptions options)
    : options_(std::move(options)),
      recorder_({.steps = options_.plan.steps(),
                 .start = options_.start,
                 .late_after = options_.late_after}),
      goodbyes_(goodbyes_at_once) {
  const AgentSurroundings around{
      .plan = options_.plan,
      .loop = options_.loop,
      .recorder = recorder_,
      .run_start = options_.start,
      .samples = options_.samples,
      .rollout = options_.plan.scenario().follows_sessions ? &rollout_ : nullptr,
      .under_way = &under_way_,
      .tracer = options_.tracer,
      .goodbyes = &goodbyes_,
      .on_finished = [this](AgentId) { ++finished_; }};
  for (const auto& agent : options_.plan.agents()) {
    agents_.push_back(std::make_unique<Agent>(around, agent, options_.make_port));
  }
}

Worker::~Worker() = default;

Recording Worker::finished() const {
  auto recording = recorder_.recording();
  if (options_.plan.scenario().follows_sessions) recording.followed = rollout_.report();
  return recording;
}

void Worker::begin() {
  for (const auto& agent : agents_) agent->start();
  if (options_.plan.ends() != mcp::Duration::max()) {
    end_timer_ = options_.loop.start_timer(options_.start + options_.plan.ends(),
                                           [this] { end_schedule(); });
  }
  if (options_.cpu_time) {
    cpu_from_ = std::max(options_.start, options_.loop.now());
    cpu_before_ = options_.cpu_time();
    cpu_timer_ = options_.loop.start_timer(cpu_from_ + cpu_every, [this] { note_cpu(); });
  }
}

void Worker::run() {
  begin();
  while (!is_over()) options_.loop.turn(options_.loop.now() + cpu_every);
  end_schedule();
  if (options_.cpu_time) note_cpu();
  cpu_timer_.reset();
}

void Worker::stop() {
  end_schedule();
  for (const auto& agent : agents_) agent->stop();
}

void Worker::end_schedule() {
  if (std::exchange(ended_, true)) return;
  recorder_.schedule_ended(std::max(options_.start, options_.loop.now()));
}

void Worker::note_cpu() {
  const auto now = options_.loop.now();
  const auto used = options_.cpu_time();
  if (now - cpu_from_ >= least_cpu_time) recorder_.cpu(cpu_from_, now, used - cpu_before_);
  cpu_from_ = now;
  cpu_before_ = used;
  cpu_timer_ = options_.loop.start_timer(now + cpu_every, [this] { note_cpu(); });
}

}  // namespace scenarios
