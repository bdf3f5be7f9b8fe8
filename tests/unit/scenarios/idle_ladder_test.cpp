#include "scenarios/idle_ladder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "scenarios/random.hpp"
#include "scenarios/search_report.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using Verdict = IdleLadder::Verdict;

struct Found {
  IdleLadder::Result result;
  mcp::Duration took{};
};

/// Turns the ladder until it ends, on lanes that wait side by side.
Found climbed(const IdleSearch& search, const std::function<IdleTrial(mcp::Duration)>& server) {
  IdleLadder ladder(search);
  Found found;
  for (auto round = ladder.next_round(); !round.empty(); round = ladder.next_round()) {
    REQUIRE(round.size() <= 8);
    std::vector<std::pair<mcp::Duration, IdleTrial>> ends;
    for (const auto wait : round) {
      const auto trial = server(wait);
      ends.emplace_back(trial.seen_after.value_or(wait), trial);
    }
    std::ranges::stable_sort(ends, {}, [](const auto& end) { return end.first; });
    mcp::Duration took{};
    for (const auto& [at, trial] : ends) {
      if (ladder.round_is_over()) break;
      ladder.add(trial);
      took = at;
    }
    found.took += took;
    REQUIRE(found.took < 24h);
  }
  found.result = ladder.result();
  return found;
}

std::string told(Subject subject, const Found& found) {
  return to_text(IdleFinding{.subject = subject, .result = found.result});
}

IdleSearch search(mcp::Duration to = 10min) {
  return {.from = 1s, .to = to, .within = 500ms};
}

TEST_CASE("idle ladder: a session that is gone when asked for is found within the tolerance") {
  for (const auto truth : {1300ms, 7000ms, 11000ms, 60000ms, 599000ms}) {
    CAPTURE(truth.count());
    const auto found = climbed(search(), [&](mcp::Duration wait) {
      return wait < truth ? IdleTrial{.waited = wait}
                          : IdleTrial{.waited = wait,
                                      .survived = false,
                                      .by = CutBy::not_found,
                                      .http_status = 404};
    });
    CHECK(found.result.verdict == Verdict::found);
    CHECK(found.result.survived < truth);
    CHECK(found.result.cut >= truth);
    CHECK(found.result.cut - found.result.survived <= 500ms);
    CHECK(found.result.by == CutBy::not_found);
    CHECK(found.result.http_status == 404);
    CHECK(found.result.contradictions == 0);
    // Side by side: never longer than a few times the truth.
    CHECK(found.took <= 7 * truth);
  }
}

TEST_CASE("idle ladder: a cut that is seen is confirmed in a second round") {
  const auto found = climbed(search(), [&](mcp::Duration wait) {
    if (wait < 7s) return IdleTrial{.waited = wait};
    return IdleTrial{.waited = wait,
                     .survived = false,
                     .by = CutBy::rst,
                     .seen_after = 7002ms,
                     .keep_alive_seen = true};
  });
  CHECK(found.result.verdict == Verdict::found);
  CHECK(found.result.cut == 7002ms);
  CHECK(found.took <= 15s);
  CHECK(found.result.seen == 7002ms);
  CHECK(told(Subject::connection, found) == "cut after 7 s (±0.1 s) idle, by RST");
  CHECK(told(Subject::stream, found) ==
        "cut after 7 s (±0.1 s) of silence, by RST; keep-alives came");
}

TEST_CASE("idle ladder: what is never or always cut is told as that") {
  const auto never =
      climbed(search(2min), [](mcp::Duration wait) { return IdleTrial{.waited = wait}; });
  CHECK(never.result.verdict == Verdict::never_cut);
  CHECK(never.took == 2min);
  CHECK(told(Subject::session, never) == "none lost up to 2m 00s");
  CHECK(told(Subject::stream, never) == "none cut up to 2m 00s; no keep-alive was seen");
  const auto always = climbed(
      search(), [](mcp::Duration wait) { return IdleTrial{.waited = wait, .survived = false}; });
  CHECK(always.result.verdict == Verdict::always_cut);
  CHECK(told(Subject::connection, always) == "cut within 1 s idle, by FIN");
}

TEST_CASE("idle ladder: a chance cut is outvoted, and told") {
  int chance = 0;
  const auto found = climbed(search(), [&](mcp::Duration wait) {
    // One early cut, of a server that was restarted.
    const bool unlucky = wait > 5s && wait < 20s && chance++ == 0;
    return IdleTrial{.waited = wait,
                     .survived = wait < 60s && !unlucky,
                     .by = CutBy::server,
                     .http_status = 502};
  });
  CHECK(found.result.verdict == Verdict::found);
  CHECK(found.result.survived < 60s);
  CHECK(found.result.cut >= 60s);
  CHECK(found.result.contradictions == 1);
  CHECK(told(Subject::session, found).find("; 1 of ") != std::string::npos);
}

TEST_CASE("idle ladder: a chance survival is outvoted") {
  int chance = 0;
  const auto found = climbed(search(), [&](mcp::Duration wait) {
    const bool lucky = wait > 100s && wait < 300s && chance++ == 0;
    return IdleTrial{.waited = wait, .survived = wait < 60s || lucky};
  });
  CHECK(found.result.verdict == Verdict::found);
  CHECK(found.result.cut >= 60s);
  CHECK(found.result.survived < 60s);
}

TEST_CASE("idle ladder: times that no limit explains are contradictory, after a bounded search") {
  int contradictory = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const auto found = climbed(search(1min), [&](mcp::Duration wait) {
      return IdleTrial{.waited = wait, .survived = random.below(2) == 0};
    });
    const bool is_told = found.result.verdict == Verdict::contradictory;
    contradictory += is_told ? 1 : 0;
    if (is_told) CHECK(told(Subject::stream, found).find("at no single time") != std::string::npos);
  }
  CHECK(contradictory >= 40);
}

}  // namespace
}  // namespace scenarios
