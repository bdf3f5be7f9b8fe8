#include "cli/commands/load_flags.hpp"

#include <doctest/doctest.h>

#include "cli/start_time.hpp"
#include "tests/unit/cli/fake_world.hpp"

namespace cli {
namespace {

using namespace std::chrono_literals;

mcp::Result<scenarios::Scenario> made(const LoadOptions& options) {
  const auto flags = read_load_flags(options);
  if (!flags) return std::unexpected(flags.error());
  return scenario_of_flags(*flags);
}

TEST_CASE("load flags: a burst makes agents that burst, idle and burst again") {
  LoadOptions options;
  options.agents = "7";
  options.burst = "30/8s";
  options.idle = "5m";
  options.duration = "20m";
  const auto scenario = made(options);
  REQUIRE(scenario.has_value());
  CHECK(scenario->agents.count == 7);
  CHECK(scenario->duration == 20min);
  REQUIRE(scenario->script.size() == 2);
  const auto& steps = std::get<scenarios::Repeat>(scenario->script[1].action).steps;
  REQUIRE(steps.size() == 2);
  CHECK(std::get<scenarios::Burst>(steps[0].action).calls == 30);
  CHECK(std::get<scenarios::Burst>(steps[0].action).over == 8s);
  CHECK(std::get<scenarios::Idle>(steps[1].action).time.mean == 5min);
  CHECK(scenario->thresholds.size() == 3);
}

TEST_CASE("load flags: a rate makes one phase, a minute long unless it is said") {
  LoadOptions options;
  options.rate = "100/s";
  const auto scenario = made(options);
  REQUIRE(scenario.has_value());
  REQUIRE(scenario->phases.size() == 1);
  CHECK(scenario->phases[0].length == 1min);
  CHECK(scenario->phases[0].from == scenario->phases[0].to);
  CHECK(scenario->has_rates());
}

TEST_CASE("load flags: variables of the scenario are set, else the scenario is changed") {
  FakeWorld fake;
  LoadOptions options;
  options.agents = "3";
  options.duration = "2s";
  options.rate = "9/s";
  const auto flags = read_load_flags(options).value();
  const ScenarioSource with{.name = "a",
                            .text =
                                "vars: {agents: 1, rate: 1/s, duration: 1s}\n"
                                "agents: ${agents}\n"
                                "phases: [ramp: {to: '${rate}', over: 1s}, "
                                "steady: {rate: '${rate}', for: '${duration}'}]\n",
                            .folder = "."};
  const auto set = scenario_with_flags(with, options, flags, fake.world);
  REQUIRE(set.has_value());
  CHECK(set->agents.count == 3);
  CHECK(set->phases.at(1).length == 2s);
  CHECK(set->phases.at(1).to == scenarios::Rate{.count = 9});
  const ScenarioSource without{
      .name = "a", .text = "agents: 1\nphases: [steady: {rate: 1/s, for: 1s}]\n", .folder = "."};
  const auto changed = scenario_with_flags(without, options, flags, fake.world);
  REQUIRE(changed.has_value());
  CHECK(changed->agents.count == 3);
  CHECK(changed->phases.at(0).length == 2s);
  CHECK(changed->phases.at(0).to == scenarios::Rate{.count = 9});
}

TEST_CASE("load flags: a flag that would change nothing is refused") {
  FakeWorld fake;
  const ScenarioSource source{
      .name = "a", .text = "duration: 1s\nscript: [connect, ping]\n", .folder = "."};
  for (const auto member :
       {&LoadOptions::rate, &LoadOptions::idle, &LoadOptions::burst, &LoadOptions::call}) {
    LoadOptions options;
    options.*member = member == &LoadOptions::burst  ? "1/1s"
                      : member == &LoadOptions::rate ? "1/s"
                                                     : "1s";
    const auto flags = read_load_flags(options);
    REQUIRE(flags.has_value());
    const auto refused = scenario_with_flags(source, options, *flags, fake.world);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == mcp::ErrorKind::usage);
  }
}

TEST_CASE("start time: UTC with seconds, and nothing else") {
  const auto time = read_start_time("2026-11-21T07:00:00.25Z");
  REQUIRE(time.has_value());
  CHECK(scenarios::to_string(*time) == "2026-11-21T07:00:00.250Z");
  for (const char* wrong :
       {"", "noon", "2026-11-21", "2026-13-21T07:00:00Z", "2026-11-21T07:00:00",
        "2026-11-21T24:00:00Z", "2026-11-21T07:00:00+01:00", "2026-02-30T00:00:00Z",
        "2026-11-21T07:00:00.Z", "2026-11-21T07:00:00.1234Z"}) {
    CAPTURE(wrong);
    CHECK_FALSE(read_start_time(wrong).has_value());
  }
}

}  // namespace
}  // namespace cli
