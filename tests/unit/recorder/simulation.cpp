#include "tests/unit/recorder/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace simulation {

using namespace scenarios;

namespace {

Event random_request(std::mt19937_64& random, double time) {
  std::exponential_distribution<double> lag(1000);
  std::lognormal_distribution<double> latency(-5, 1.5);
  Sample sample;
  sample.step = static_cast<StepId>(random() % 3);
  sample.intended = at(time);
  sample.started = at(time + lag(random));
  sample.ended = sample.started + seconds(latency(random));
  if (random() % 5 == 0) sample.failure = static_cast<Failure>(random() % 11);
  if (sample.failure == Failure::http_status)
    sample.http_status = 500 + static_cast<int>(random() % 5);
  if (sample.failure == Failure::session_lost) sample.http_status = 404;
  return [sample](Recorder& recorder) { recorder.request(sample); };
}

Event random_cut(std::mt19937_64& random, double time) {
  const Recorder::Cut cut{.at = at(time),
                          .agent = random() % 1000,
                          .subject = static_cast<Subject>(random() % 3),
                          .by = static_cast<CutBy>(random() % 5),
                          .http_status = random() % 2 == 0 ? 404 : 0,
                          .idle = seconds(static_cast<double>(random() % 300)),
                          .keep_alive_seen = random() % 2 == 0};
  return [cut](Recorder& recorder) { recorder.cut(cut); };
}

Event random_event(std::mt19937_64& random, double time) {
  const auto now = at(time);
  const auto step = static_cast<StepId>(random() % 3);
  const auto before = at(std::max(0.0, time - 2));
  const AgentId agent = random() % 1000;
  switch (random() % 24) {
    case 0:
      return [=](Recorder& recorder) { recorder.abandoned(step, before, now); };
    case 1:
      return [=](Recorder& recorder) { recorder.not_started(step, before, now); };
    case 2:
      return [=](Recorder& recorder) { recorder.stray(Failure::duplicate, step, now); };
    case 3:
      return [=](Recorder& recorder) { recorder.session_opened(now); };
    case 4:
      return [=](Recorder& recorder) { recorder.session_closed(now); };
    case 5:
      return [=](Recorder& recorder) { recorder.session_reinitialised(before, now); };
    case 6:
      return [=](Recorder& recorder) { recorder.connection_made(now); };
    case 7:
      return [=](Recorder& recorder) { recorder.reconnected(now); };
    case 8:
      return random_cut(random, time);
    case 9:
      return [=](Recorder& recorder) { recorder.server_request_answered(now); };
    case 10:
      return [=](Recorder& recorder) { recorder.activity(agent, Activity::idle, before, now); };
    case 11: {
      const auto used = seconds(0.001 * static_cast<double>(random() % 1000));
      return [=](Recorder& recorder) { recorder.cpu(now, now + seconds(1), used); };
    }
    default:
      return random_request(random, time);
  }
}

/// When the server stands still, in order.
std::vector<std::pair<double, double>> pauses_of(const Queue& queue) {
  std::vector<std::pair<double, double>> pauses = {
      {queue.frozen_from, queue.frozen_from + queue.frozen_for}};
  std::mt19937_64 random(queue.seed + 1'000'000);  // so that requests are as without stalls
  std::exponential_distribution<double> gap(queue.stalls / queue.length);
  if (queue.stalls <= 0) return pauses;
  for (double at = gap(random); at < queue.length; at += gap(random))
    pauses.emplace_back(at, at + queue.stall_for);
  std::ranges::sort(pauses);
  return pauses;
}

}  // namespace

std::vector<Event> random_run(std::uint64_t seed, std::size_t count, double length) {
  std::mt19937_64 random(seed);
  std::vector<Event> events;
  for (std::size_t index = 0; index < count; ++index)
    events.push_back(
        random_event(random, length * static_cast<double>(index) / static_cast<double>(count)));
  return events;
}

std::vector<Recorder> play(const std::vector<Event>& events, std::size_t recorders,
                           const std::function<std::size_t(std::size_t)>& which, double ended) {
  std::vector<Recorder> all(recorders, Recorder(options()));
  for (std::size_t index = 0; index < events.size(); ++index) events[index](all[which(index)]);
  for (auto& recorder : all) recorder.schedule_ended(at(ended));
  return all;
}

Recording record(const std::vector<Event>& events, double ended) {
  return play(events, 1, [](std::size_t) { return std::size_t{0}; }, ended)[0].recording();
}

Recording run(const Queue& queue, std::size_t shard, std::size_t shards) {
  std::mt19937_64 random(queue.seed);
  const auto pauses = pauses_of(queue);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  std::vector<std::pair<double, Sample>> samples;
  const auto count = static_cast<std::size_t>(queue.rate * queue.length);
  double free_from = 0;
  for (std::size_t index = 0; index < count; ++index) {
    const double intended = static_cast<double>(index) / queue.rate;
    double begin = std::max(intended, free_from);
    for (const auto& [from, to] : pauses)
      if (begin >= from && begin < to) begin = to;
    free_from = begin + queue.service * std::exp(queue.noise * normal(random));
    Sample sample;
    sample.step = 1;
    sample.intended = sample.started = at(intended);
    sample.ended = at(free_from);
    if (uniform(random) < queue.failing) sample.failure = Failure::tool_error;
    if (index % shards == shard) samples.emplace_back(free_from, sample);
  }
  Recorder recorder(options());
  bool ended = false;
  for (const auto& [end, sample] : samples) {
    if (!ended && end > queue.length) {
      recorder.schedule_ended(at(queue.length));
      ended = true;
    }
    recorder.request(sample);
  }
  if (!ended) recorder.schedule_ended(at(queue.length));
  return recorder.recording();
}

}  // namespace simulation
