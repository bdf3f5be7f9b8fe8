#include "scenarios/rollout_tracker.hpp"

#include <doctest/doctest.h>

#include "scenarios/random.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;

TEST_CASE("rollout: a loss has its time, its status, and how long the agent was away") {
  RolloutTracker tracker;
  tracker.opened(1, 1s);
  tracker.opened(2, 1s);
  tracker.opened(3, 1s);
  tracker.answered(1, 9s);
  tracker.answered(2, 9500ms);
  tracker.lost(1, 10s, CutBy::not_found, 404);
  tracker.lost(2, 10500ms, CutBy::server, 502);
  tracker.lost(2, 10600ms, CutBy::server, 502);  // the same session, told twice
  tracker.answered(2, 10700ms);                  // late, and no sign of life
  tracker.opened(1, 12s);
  CHECK(tracker.report().losses == std::vector<SessionLoss>{{.agent = 1,
                                                             .lost = 10s,
                                                             .by = CutBy::not_found,
                                                             .http_status = 404,
                                                             .last_answer = 9s,
                                                             .back = 12s},
                                                            {.agent = 2,
                                                             .lost = 10500ms,
                                                             .by = CutBy::server,
                                                             .http_status = 502,
                                                             .last_answer = 9500ms}});
  const auto summary = tracker.report();
  CHECK(summary.sessions == 4);
  CHECK(summary.lost == 2);
  CHECK(summary.never_back == 1);
  CHECK(summary.by_status == std::map<int, std::uint64_t>{{404, 1}, {502, 1}});
  CHECK(summary.unsure == 0);
}

TEST_CASE("rollout: a session that was closed or never opened is not lost") {
  RolloutTracker tracker;
  tracker.lost(1, 1s, CutBy::not_found, 404);
  tracker.opened(2, 1s);
  tracker.closed(2);
  tracker.lost(2, 2s, CutBy::fin, 0);
  CHECK(tracker.report().losses.empty());
}

TEST_CASE("rollout: in a simulated restart none is missed and none invented, also when merged") {
  Random random(5);
  RolloutTracker whole;
  RolloutTracker parts[2];
  std::uint64_t truth = 0;
  for (AgentId agent = 1; agent <= 500; ++agent) {
    const bool on_restarted_replica = random.below(2) == 0;
    truth += on_restarted_replica ? 1 : 0;
    for (auto* tracker : {&whole, &parts[agent % 2]}) {
      tracker->opened(agent, 0s);
      for (auto at = 1s; at < 20s; at += 1s) {
        const auto now = at + std::chrono::milliseconds(agent);
        if (on_restarted_replica && at == 10s) {
          tracker->lost(agent, now, CutBy::not_found, 404);
          tracker->opened(agent, now + 5ms);
        } else {
          tracker->answered(agent, now);
        }
      }
      tracker->closed(agent);
    }
  }
  CHECK(whole.report().lost == truth);
  CHECK(whole.report().never_back == 0);
  for (const auto& loss : whole.report().losses) CHECK(*loss.back - loss.last_answer == 1005ms);
  auto sum = parts[0].report();
  sum.merge(parts[1].report());
  CHECK(sum == whole.report());
}

TEST_CASE("rollout: a session that ends while its server is silent is neither lost nor safe") {
  RolloutTracker tracker;
  for (const AgentId agent : {1, 2, 3}) tracker.opened(agent, 0s);
  tracker.unanswered(1);
  tracker.unanswered(2);
  tracker.answered(2, 5s);  // it came back, and knew it
  tracker.closed(1);
  tracker.closed(2);
  CHECK(tracker.report().unsure == 1);
  tracker.unanswered(3);  // the run ended without a goodbye
  CHECK(tracker.report().unsure == 2);
  CHECK(tracker.report().lost == 0);
}

TEST_CASE("rollout: beyond the losses that are kept all are counted") {
  RolloutTracker tracker;
  for (AgentId agent = 1; agent <= FollowedSessions::kept + 10; ++agent) {
    tracker.opened(agent, 0s);
    tracker.lost(agent, 1s, CutBy::not_found, 404);
    if (agent % 2 == 0) tracker.opened(agent, 2s);
  }
  const auto report = tracker.report();
  CHECK(report.lost == FollowedSessions::kept + 10);
  CHECK(report.never_back == report.lost / 2);
  CHECK(report.losses.size() == FollowedSessions::kept);
}

}  // namespace
}  // namespace scenarios
