#include "scenarios/recorder.hpp"

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::at;
using simulation::seconds;

namespace {

Recorder recorder() {
  return Recorder(simulation::options());
}

Sample sample(double intended, double started, double ended, std::optional<Failure> failure = {},
              int status = 0) {
  return {.step = 1,
          .intended = at(intended),
          .started = at(started),
          .ended = at(ended),
          .failure = failure,
          .http_status = status};
}

}  // namespace

TEST_CASE("recorder: a request counts from its intended start and from its actual start") {
  auto notes = recorder();
  notes.request(sample(0.5, 0.75, 1.0));
  const auto& step = notes.recording().by_step[1];
  CHECK(step.requests == 1);
  CHECK(step.from_intended.count_above(499'000) == 1);
  CHECK(step.from_start.count_above(251'000) == 0);
  CHECK(notes.recording().lag.count_above(249'000) == 1);
  CHECK(notes.recording().totals.late == 1);
}

TEST_CASE("recorder: what the agent held back is latency, and no lag of the driver") {
  auto notes = recorder();
  auto held = sample(0.5, 0.75, 1.0);
  held.held = std::chrono::milliseconds(250);
  notes.request(held);
  CHECK(notes.recording().by_step[1].from_intended.count_above(499'000) == 1);
  CHECK(notes.recording().totals.late == 0);
  CHECK(notes.recording().lag.max() == 0);
  notes.not_started(1, at(1), at(4), seconds(3));
  CHECK(notes.recording().totals.late == 0);
}

TEST_CASE("recorder: a request belongs to the second it was intended in, its end to its own") {
  auto notes = recorder();
  notes.request(sample(0.5, 1.2, 3.9, Failure::timeout));
  const auto& slots = notes.recording().timeline.slots();
  REQUIRE(slots.size() == 4);
  CHECK(slots[0].intended == 1);
  CHECK(slots[0].late == 1);
  CHECK(slots[0].failures[index_of(Failure::timeout)] == 1);
  CHECK(slots[0].steps.size() == 1);
  CHECK(slots[1].started == 1);
  CHECK(slots[3].ended == 1);
  CHECK(slots[3].answered == 0);
}

TEST_CASE("recorder: what failed fast does not make latencies better") {
  auto notes = recorder();
  notes.request(sample(0, 0, 0.1));
  notes.request(sample(0, 0, 0.0001, Failure::refused));
  notes.request(sample(0, 0, 0.0001, Failure::http_status, 503));
  notes.request(sample(0, 0, 2, Failure::timeout));
  const auto& step = notes.recording().by_step[1];
  CHECK(step.requests == 4);
  CHECK(failed_requests(step.failures) == 3);
  CHECK(step.from_intended.count() == 2);
  CHECK(step.from_intended.min() > 99'000);
  CHECK(notes.recording().statuses == std::map<int, std::uint64_t>{{503, 1}});
}

TEST_CASE("recorder: stray messages are counted apart from requests") {
  auto notes = recorder();
  notes.stray(Failure::late_answer, 1, at(3));
  CHECK(notes.recording().by_step[1].requests == 0);
  CHECK(failed_requests(notes.recording().by_step[1].failures) == 0);
  CHECK(notes.recording().by_step[1].failures[index_of(Failure::late_answer)] == 1);
  CHECK_THROWS_AS(notes.stray(Failure::timeout, 1, at(3)), std::logic_error);
}

TEST_CASE("recorder: what was never sent lags at least until the run ended") {
  auto notes = recorder();
  notes.not_started(1, at(4), at(5));
  CHECK(notes.recording().by_step[1].not_started == 1);
  CHECK(notes.recording().totals.late == 1);
  CHECK(notes.recording().timeline.slots()[4].intended == 1);
  CHECK(notes.recording().timeline.slots()[4].started == 0);
}

TEST_CASE("recorder: an answer after the end of the schedule is no answer in time") {
  auto notes = recorder();
  notes.request(sample(1, 1, 2));
  notes.schedule_ended(at(10));
  notes.request(sample(9, 9, 9.5));
  notes.request(sample(9, 9, 10.5));
  CHECK(notes.recording().ran == seconds(10));
  CHECK(notes.recording().totals.answered_in_time == 2);
}

TEST_CASE("recorder: a loss keeps when, by whom and how long nothing was sent") {
  auto notes = recorder();
  notes.cut({.at = at(61),
             .agent = 7,
             .subject = Subject::session,
             .by = CutBy::not_found,
             .http_status = 404,
             .idle = seconds(60)});
  notes.session_reinitialised(at(61), at(62.5));
  const auto& incidents = notes.recording().incidents;
  CHECK(incidents.count(Subject::session) == 1);
  CHECK(incidents.first() == std::vector<Incident>{{.at = seconds(61),
                                                    .agent = 7,
                                                    .subject = Subject::session,
                                                    .by = CutBy::not_found,
                                                    .http_status = 404,
                                                    .idle = seconds(60)}});
  CHECK(notes.recording().timeline.slots()[61].sessions_lost == 1);
  CHECK(notes.recording().time_to_return.count_above(1'490'000) == 1);
}

TEST_CASE("recorder: of more incidents than there is room for, all are counted") {
  auto notes = recorder();
  const int many = static_cast<int>(IncidentLog::kept) + 100;
  for (int time = many; time-- > 0;) notes.cut({.at = at(time * 0.01), .by = CutBy::rst});
  const auto& incidents = notes.recording().incidents;
  CHECK(incidents.count(Subject::connection) == static_cast<std::uint64_t>(many));
  REQUIRE(incidents.first().size() == IncidentLog::kept);
  CHECK(incidents.first().front().at == seconds(0));
  CHECK(incidents.first().back().at == seconds(0.01 * (IncidentLog::kept - 1)));
}

TEST_CASE("recorder: the CPU of a second is the busiest thread's and the sum of all") {
  auto first = recorder();
  auto second = recorder();
  first.cpu(at(0), at(1), seconds(0.9));
  second.cpu(at(0), at(1), seconds(0.3));
  Recording both = first.recording();
  both.merge(second.recording());
  CHECK(both.timeline.slots()[0].cpu_permille == 900);
  CHECK(both.timeline.slots()[0].cpu_micros == 1'200'000);
  CHECK(both.threads == 2);
}

TEST_CASE("recorder: agents for the time line are chosen by their ids, whatever the order") {
  auto up = recorder();
  auto down = recorder();
  for (AgentId agent = 0; agent < 5000; ++agent) {
    up.activity(agent, Activity::burst, at(0), at(8));
    down.activity(4999 - agent, Activity::burst, at(0), at(8));
  }
  CHECK(up.recording().activity.sampled().size() == ActivityLog::agents);
  CHECK(up.recording() == down.recording());
}

TEST_CASE("recorder: of an agent's intervals the earliest are kept and the others counted") {
  auto notes = recorder();
  const auto each = static_cast<int>(ActivityLog::intervals_each);
  for (int index = 0; index < each + 5; ++index)
    notes.activity(3, Activity::idle, at(index), at(index + 1));
  const auto sampled = notes.recording().activity.sampled();
  REQUIRE(sampled.size() == 1);
  CHECK(sampled[0].id == 3);
  CHECK(sampled[0].intervals.size() == ActivityLog::intervals_each);
  CHECK(sampled[0].intervals.back().from == seconds(each - 1));
  CHECK(sampled[0].left_out == 5);
}

TEST_CASE("failure: every class has a name that leads back to it") {
  for (std::size_t at = 0; at < failure_count; ++at) {
    const auto failure = static_cast<Failure>(at);
    CHECK(failure_named(to_string(failure)) == failure);
  }
  CHECK(failure_named("nonsense") == std::nullopt);
}
