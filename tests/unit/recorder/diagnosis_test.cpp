#include "scenarios/diagnosis.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::at;
using simulation::seconds;

namespace {

constexpr StartTime start{std::chrono::hours{10}};

/// A run that is told in a few words.
class Story {
 public:
  void opened(int sessions, double when = 0) {
    for (int each = 0; each < sessions; ++each) notes_.session_opened(at(when));
  }
  void answered(int calls, double when = 0.5, double idle = 0) {
    for (int each = 0; each < calls; ++each)
      notes_.request({.step = 1,
                      .intended = at(when),
                      .started = at(when),
                      .ended = at(when + 0.01),
                      .idle = seconds(idle)});
  }
  void refused(int calls, double when) {
    for (int each = 0; each < calls; ++each)
      notes_.request({.step = 1,
                      .intended = at(when),
                      .started = at(when),
                      .ended = at(when),
                      .failure = Failure::refused});
  }
  struct Lost {
    AgentId agent = 0;
    double at = 0;
    double idle = 0;
    double age = 0;
    std::uint64_t answers = 0;
    CutBy by = CutBy::not_found;
  };
  void lost(const Lost& what) {
    notes_.cut({.at = at(what.at),
                .agent = what.agent,
                .subject = Subject::session,
                .by = what.by,
                .http_status = 404,
                .idle = seconds(what.idle),
                .age = seconds(what.age),
                .answers = what.answers});
    notes_.session_reinitialised(at(what.at), at(what.at + 0.01));
  }
  void cut(Subject subject, double when, double idle, CutBy by = CutBy::fin, bool alive = false) {
    notes_.cut({.at = at(when),
                .agent = static_cast<AgentId>(when * 10),
                .subject = subject,
                .by = by,
                .idle = seconds(idle),
                .keep_alive_seen = alive});
  }
  void answered_after_loss(int calls) {
    for (int each = 0; each < calls; ++each) notes_.answered_after_loss();
  }
  void reconnected(int times) {
    for (int each = 0; each < times; ++each) notes_.reconnected(at(1));
  }

  std::vector<Diagnosis> diagnoses() const { return diagnose(notes_.recording(), start); }
  Diagnosis only() const {
    const auto all = diagnoses();
    REQUIRE(all.size() == 1);
    return all.front();
  }
  Cause cause() const { return only().cause; }

 private:
  Recorder notes_{simulation::options()};
};

/// Agents that come back from a silence of two seconds, over and over, and find nothing.
Story short_memory(int bursts) {
  Story story;
  story.opened(4);
  for (int burst = 0; burst < bursts; ++burst)
    for (AgentId agent = 0; agent < 4; ++agent) {
      const double when = 3.0 * (burst + 1) + 0.1 * static_cast<double>(agent);
      story.lost({.agent = agent, .at = when, .idle = 2 + 0.05 * burst, .age = 2.9, .answers = 6});
    }
  return story;
}

}  // namespace

TEST_CASE("diagnosis: where nothing was lost there is nothing to say") {
  Story story;
  story.opened(10);
  story.answered(60);
  CHECK(story.diagnoses().empty());
}

TEST_CASE("diagnosis: sessions unknown right after initialize and later have no affinity") {
  Story story;
  story.opened(10);
  story.answered(40);
  for (AgentId agent = 0; agent < 8; ++agent) story.lost({.agent = agent, .at = 0.1});
  story.lost({.agent = 1, .at = 0.9, .idle = 0.1, .age = 0.7, .answers = 3});
  CHECK(story.only() ==
        Diagnosis{.subject = Subject::session,
                  .cause = Cause::no_affinity,
                  .count = 9,
                  .conclusion = "the load balancer sends a session's requests to replicas that do "
                                "not know it (no affinity on Mcp-Session-Id)",
                  .evidence = "8 of 19 sessions unknown (404) to the request right after "
                              "initialize, 1 later in the middle of its requests"});
}

TEST_CASE("diagnosis: sessions lost at their beginning or never may be hashed by their id") {
  Story story;
  story.opened(10);
  story.answered(52);
  for (AgentId agent = 0; agent < 4; ++agent) story.lost({.agent = agent, .at = 0.1});
  CHECK(story.only() ==
        Diagnosis{.cause = Cause::no_affinity,
                  .count = 4,
                  .conclusion = "the load balancer sends a session's requests to replicas that do "
                                "not know it (no affinity on Mcp-Session-Id, or one that hashes an "
                                "id which initialize does not carry yet)",
                  .evidence = "4 of 14 sessions unknown (404) to the request right after "
                              "initialize, none later in 52 answered requests"});
}

TEST_CASE("diagnosis: a lost session that is answered again shows that a replica still knows it") {
  Story story;
  story.opened(10);
  story.answered(52);
  story.answered_after_loss(7);
  for (AgentId agent = 0; agent < 4; ++agent) story.lost({.agent = agent, .at = 0.1});
  CHECK(story.only().conclusion.ends_with("(no affinity on Mcp-Session-Id)"));
  CHECK(story.only().evidence.ends_with("and 7 requests answered on them afterwards"));
}

TEST_CASE("diagnosis: where nothing was ever answered a server without sessions looks the same") {
  Story story;
  story.opened(3);
  for (AgentId agent = 0; agent < 3; ++agent) story.lost({.agent = agent, .at = 0.1});
  CHECK(story.cause() == Cause::unknown);
  CHECK(story.only().conclusion ==
        "either a load balancer without affinity on Mcp-Session-Id, or a server that forgets its "
        "sessions at once");
}

TEST_CASE("diagnosis: one session lost says nothing") {
  Story story;
  story.opened(5);
  story.answered(100);
  story.lost({.agent = 3, .at = 4, .idle = 0.2, .age = 4, .answers = 20});
  CHECK(story.only() == Diagnosis{.cause = Cause::unknown,
                                  .count = 1,
                                  .conclusion = "cause unknown",
                                  .evidence = "1 session lost, 4 s into the run, idle for 200 ms"});
}

TEST_CASE("diagnosis: sessions in use that are lost at one moment were ended by one event") {
  Story story;
  story.opened(5);
  story.answered(20);
  for (AgentId agent = 0; agent < 4; ++agent)
    story.lost({.agent = agent,
                .at = 123 + 0.1 * static_cast<double>(agent),
                .idle = 0.2,
                .age = 100 + 5.0 * static_cast<double>(agent),
                .answers = 5});
  CHECK(story.only() == Diagnosis{.cause = Cause::restart,
                                  .count = 4,
                                  .conclusion = "one event ended them all: a restart or a rollout",
                                  .evidence = "4 of 5 open sessions lost within 300 ms at 10:02:03 "
                                              "UTC"});
}

TEST_CASE("diagnosis: requests that found nobody at that time show a restart") {
  Story story;
  story.opened(2);
  story.refused(6, 122);
  story.lost({.agent = 1, .at = 123, .idle = 0.2, .age = 3, .answers = 5});
  CHECK(story.cause() == Cause::restart);
  CHECK(story.only().conclusion == "the server was restarted");
  CHECK(story.only().evidence.ends_with(", beside 6 requests that found nobody or broke off"));
}

TEST_CASE("diagnosis: a restart that hits sessions just opened is no want of affinity") {
  Story story;
  story.opened(3, 118);
  story.answered(30, 100);
  story.refused(6, 122);
  for (AgentId agent = 0; agent < 3; ++agent) story.lost({.agent = agent, .at = 123, .age = 0.5});
  CHECK(story.cause() == Cause::restart);
}

TEST_CASE("diagnosis: two restarts are two events") {
  Story story;
  story.opened(3);
  for (const double when : {20.0, 40.0})
    for (AgentId agent = 0; agent < 3; ++agent)
      story.lost({.agent = agent,
                  .at = when + 0.1 * static_cast<double>(agent),
                  .idle = 0.1,
                  .age = 5 + 2 * static_cast<double>(agent),
                  .answers = 9});
  const auto all = story.diagnoses();
  REQUIRE(all.size() == 2);
  CHECK(all[0].cause == Cause::restart);
  CHECK(all[1].cause == Cause::restart);
  CHECK(all[1].evidence.ends_with("at 10:00:40 UTC"));
}

TEST_CASE("diagnosis: sessions lost after each silence, and never before, have an idle limit") {
  auto story = short_memory(3);
  story.answered(10, 1, 1.5);
  CHECK(story.only() ==
        Diagnosis{.cause = Cause::idle_limit,
                  .count = 12,
                  .conclusion = "sessions end after 1.5 s to 2 s of idleness: a session TTL, or an "
                                "idle timeout on the way",
                  .evidence = "12 sessions lost after 2 s to 2.1 s of idleness; up to 1.5 s were "
                              "survived"});
}

TEST_CASE("diagnosis: reconnects beside losses after a silence are told") {
  auto story = short_memory(3);
  story.reconnected(12);
  CHECK(story.cause() == Cause::idle_limit);
  CHECK(story.only().evidence.ends_with("; 12 reconnects, which may have led to other replicas"));
}

TEST_CASE("diagnosis: a silence survived that is hardly longer does not hide an idle limit") {
  auto story = short_memory(3);
  story.answered(10, 1, 2.05);
  CHECK(story.only().cause == Cause::idle_limit);
  CHECK(story.only().conclusion.starts_with("sessions end after 2 s to 2.05 s of idleness"));
}

TEST_CASE("diagnosis: a silence as long that was survived speaks against an idle limit") {
  auto story = short_memory(3);
  story.answered(10, 1, 2.5);
  for (const auto& one : story.diagnoses()) CHECK(one.cause != Cause::idle_limit);
}

TEST_CASE("diagnosis: one silence alone cannot tell a restart from an idle limit") {
  auto story = short_memory(1);
  CHECK(story.cause() == Cause::unknown);
  CHECK(story.only().conclusion ==
        "either a restart, or a limit of 2 s or less on idleness: more bursts in one run would "
        "tell");
  story.answered(1, 1, 2.5);
  CHECK(story.cause() == Cause::restart);
}

TEST_CASE("diagnosis: busy sessions that are lost at the same age have a limit on it") {
  Story story;
  story.opened(4);
  for (AgentId agent = 0; agent < 8; ++agent)
    story.lost({.agent = agent % 4,
                .at = 30 + 5.0 * static_cast<double>(agent),
                .idle = 0.2,
                .age = 30 + 0.01 * static_cast<double>(agent),
                .answers = 200});
  CHECK(story.cause() == Cause::age_limit);
  CHECK(story.only().conclusion == "a session may live for about 30 s only, however busy it is");
}

TEST_CASE("diagnosis: losses without a pattern stay without a cause") {
  Story story;
  story.opened(5);
  const std::vector<double> idles = {0.1, 4, 0.3, 9, 0.2};
  for (AgentId agent = 0; agent < 5; ++agent)
    story.lost({.agent = agent,
                .at = 20 + 15.0 * static_cast<double>(agent),
                .idle = idles[agent],
                .age = 10 + 9.0 * static_cast<double>(agent),
                .answers = 40});
  CHECK(story.only() == Diagnosis{.cause = Cause::unknown,
                                  .count = 5,
                                  .conclusion = "cause unknown",
                                  .evidence = "5 sessions lost, 20 s to 1m 20s into the run, idle "
                                              "for 100 ms to 9 s"});
}

TEST_CASE("diagnosis: connections closed after the same silence met a keep-alive timeout") {
  Story story;
  for (int each = 0; each < 5; ++each) story.cut(Subject::connection, 60 + each, 60 + 0.01 * each);
  CHECK(story.only() ==
        Diagnosis{.subject = Subject::connection,
                  .cause = Cause::idle_limit,
                  .count = 5,
                  .conclusion = "a keep-alive timeout of the server or of a proxy of 1m 00s",
                  .evidence = "5 connections closed in order (FIN) after 1m 00s of silence"});
}

TEST_CASE("diagnosis: streams cut after the same silence met an idle timeout of a proxy") {
  Story story;
  for (int each = 0; each < 5; ++each)
    story.cut(Subject::stream, 7 + 3 * each, 7.02, CutBy::rst, true);
  CHECK(story.cause() == Cause::idle_limit);
  CHECK(story.only().evidence ==
        "5 streams reset (RST) after 7.02 s of silence, in spite of keep-alives");
}

TEST_CASE("diagnosis: every incident is in one diagnosis, whatever happened") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto recording = simulation::record(simulation::random_run(seed, 2000, 300), 300);
    std::uint64_t explained = 0;
    for (const auto& one : diagnose(recording, start)) explained += one.count;
    CHECK(explained == recording.incidents.first().size());
  }
}
