#include "scenarios/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "scenarios/scenario_reader.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;

Scenario scenario(std::string_view text) {
  const auto read = read_scenario(text);
  REQUIRE_MESSAGE(read.has_value(), to_text("f", read.error()));
  return *read;
}

std::vector<mcp::Duration> arrivals(std::string_view arrive) {
  const Plan plan(scenario("agents: {count: 4, arrive: " + std::string(arrive) +
                           "}\nduration: 100s\nscript: [connect]\n"),
                  {});
  std::vector<mcp::Duration> result;
  for (const auto& agent : plan.agents()) result.push_back(agent.arrives);
  return result;
}

TEST_CASE("plan: agents arrive as the scenario says") {
  using Times = std::vector<mcp::Duration>;
  CHECK(arrivals("at once") == Times{0s, 0s, 0s, 0s});
  CHECK(arrivals("{over: 8s}") == Times{0s, 2s, 4s, 6s});
  CHECK(arrivals("{rate: 3/9s}") == Times{0s, 3s, 6s, 9s});
  const auto poisson = arrivals("{poisson: 1/s}");
  CHECK(poisson.size() == 4);
  CHECK(std::ranges::is_sorted(poisson));
  CHECK(poisson == arrivals("{poisson: 1/s}"));
}

TEST_CASE("plan: random arrivals keep their rate") {
  const Plan plan(
      scenario(
          "agents: {count: 20000, arrive: {poisson: 100/s}}\nduration: 1h\nscript: [connect]\n"),
      {});
  const auto last = plan.agents().back().arrives;
  CHECK(std::chrono::duration<double>(last).count() == doctest::Approx(200).epsilon(0.03));
}

TEST_CASE("plan: agents that would come after the end are counted and left out") {
  const Plan plan(
      scenario("agents: {count: 10, arrive: {rate: 1/s}}\nduration: 4s\nscript: [connect]\n"), {});
  CHECK(plan.agents().size() == 4);
  CHECK(plan.too_late() == 6);
  CHECK(plan.ends() == 4s);
}

TEST_CASE("plan: phases begin when everybody is there") {
  const Plan plan(scenario("agents: {count: 5, arrive: {over: 10s}}\nsettle: 2s\n"
                           "phases: [steady: {rate: 10/s, for: 5s}]\n"),
                  {});
  CHECK(plan.phases_start() == 10s);
  CHECK(plan.ends() == 15s);
  CHECK(plan.timetable().ticks() == 50);
}

TEST_CASE("plan: the shards of a run are the run: agents, ids, arrivals and intended starts") {
  for (const auto* text : {"agents: {count: 23, arrive: {poisson: 5/s}}\nphases: [ramp: {to: 50/s, "
                           "over: 9s}, steady: {rate: 7/s, for: 5s}]\n",
                           "agents: {count: 23, arrive: {over: 3s}}\nspread: poisson\nphases: "
                           "[steady: {rate: 50/s, for: 9s}]\n"}) {
    const Plan whole(scenario(text), {});
    const auto starts = [](const Plan& plan,
                           std::multiset<std::pair<AgentId, mcp::Duration>>& into) {
      for (const auto& agent : plan.agents()) {
        auto pacer = plan.pacer(agent.id);
        while (const auto at = pacer.next()) into.emplace(agent.id, *at);
      }
    };
    std::multiset<std::pair<AgentId, mcp::Duration>> expected;
    starts(whole, expected);
    for (const std::uint32_t shards : {2U, 3U, 4U, 23U, 40U}) {
      std::multiset<std::pair<AgentId, mcp::Duration>> merged;
      std::vector<AgentPlan> agents;
      for (std::uint32_t index = 0; index < shards; ++index) {
        const Plan part(scenario(text), {.index = index, .count = shards});
        CHECK(part.steps() == whole.steps());
        CHECK(part.phases_start() == whole.phases_start());
        agents.insert(agents.end(), part.agents().begin(), part.agents().end());
        starts(part, merged);
        for (const auto& agent : part.agents()) {
          CHECK(part.random(agent.id, Purpose::timing, 2).next() ==
                whole.random(agent.id, Purpose::timing, 2).next());
        }
      }
      std::ranges::sort(agents, {}, &AgentPlan::id);
      CHECK(agents == whole.agents());
      CHECK(merged == expected);
    }
  }
}

TEST_CASE("plan: request ids are unique over agents and keep their digits in any JSON reader") {
  CHECK(request_id(1, 0) == 4294967296);
  CHECK(request_id(1, 4294967295U) < request_id(2, 0));
  CHECK(request_id(static_cast<AgentId>(most_agents), 4294967295U) < (1LL << 53));
}

TEST_CASE("plan: steps are numbered by method and name, equal ones once") {
  const Plan plan(scenario("requests: [{call: echo}, {call: add}, ping]\nscript:\n  - connect\n"
                           "  - {call: echo}\n  - repeat: {times: 2, steps: [{list: prompts}, "
                           "{read: 'x://${iteration}'}, {think: 1s}]}\n"),
                  {});
  CHECK(plan.steps() == std::vector<Step>{{"connect", ""},
                                          {"tools/call", "echo"},
                                          {"tools/call", "add"},
                                          {"ping", ""},
                                          {"prompts/list", ""},
                                          {"resources/read", "*"}});
  CHECK(std::get<Send>(plan.scenario().script.at(1).action).mix.at(0).step == 1);
}

TEST_CASE("plan: without requests the harmless tools/list is asked for") {
  const Plan plan(scenario("phases: [steady: {rate: 1/s, for: 1s}]\n"), {});
  CHECK(plan.steps() == std::vector<Step>{{"connect", ""}, {"tools/list", ""}});
}

TEST_CASE("plan: a shard is written I/N") {
  CHECK(read_shard("1/4").value() == Shard{.index = 0, .count = 4});
  CHECK(read_shard("4/4").value() == Shard{.index = 3, .count = 4});
  CHECK(read_shard("0+1/4").value() == Shard{.index = 0, .count = 4});
  CHECK(read_shard("3+1/4").value() == Shard{.index = 3, .count = 4});
  for (const auto* wrong :
       {"0/4", "5/4", "1", "1/0", "/", "a/b", "1/4x", "-1/4", "4+1/4", "+1/4", "0+2/4"}) {
    CAPTURE(wrong);
    CHECK_FALSE(read_shard(wrong).has_value());
  }
}

}  // namespace
}  // namespace scenarios
