#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "cli/commands/load_flags.hpp"
#include "mcp/base/text.hpp"
#include "scenarios/yaml_tree.hpp"

namespace cli {
namespace {

using scenarios::Script;
using scenarios::ScriptStep;

/// What holds for any healthy server.
constexpr std::array healthy = {"error_rate < 0.1%", "sessions_lost == 0", "rate >= 95%"};

mcp::Result<void> usage(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

/// Changes the steps of one kind, wherever they stand; tells whether there is any.
template <typename Step>
bool change_steps(Script& script, const std::function<void(Step&)>& change) {
  bool any = false;
  for (auto& step : script) {
    if (auto* found = std::get_if<Step>(&step.action)) {
      change(*found);
      any = true;
    }
    if (auto* repeat = std::get_if<scenarios::Repeat>(&step.action)) {
      any = change_steps<Step>(repeat->steps, change) || any;
    }
  }
  return any;
}

/// Whether any step sends what the scenario's own requests say.
bool draws_requests(const Script& script) {
  return std::ranges::any_of(script, [](const ScriptStep& step) {
    if (const auto* repeat = std::get_if<scenarios::Repeat>(&step.action)) {
      return draws_requests(repeat->steps);
    }
    const auto* send = std::get_if<scenarios::Send>(&step.action);
    const auto* burst = std::get_if<scenarios::Burst>(&step.action);
    return std::holds_alternative<scenarios::Pace>(step.action) || (send && send->mix.empty()) ||
           (burst && burst->mix.empty());
  });
}

/// A flag that sets variables of the scenario: all of them, or it is no variable.
struct Variables {
  std::vector<std::pair<std::string, std::string>> values;
  void (*take)(LoadFlags& flags);
};
std::vector<Variables> variables_of(const LoadOptions& options) {
  std::vector<Variables> wanted;
  const auto add = [&](const char* name, const std::string& value, void (*take)(LoadFlags&)) {
    if (!value.empty()) wanted.push_back({{{name, value}}, take});
  };
  add("agents", options.agents, [](LoadFlags& flags) { flags.agents.reset(); });
  add("rate", options.rate, [](LoadFlags& flags) { flags.rate.reset(); });
  add("duration", options.duration, [](LoadFlags& flags) { flags.duration.reset(); });
  add("idle", options.idle, [](LoadFlags& flags) { flags.idle.reset(); });
  const auto slash = options.burst.find('/');
  if (slash != std::string::npos) {
    wanted.push_back(
        {{{"calls", options.burst.substr(0, slash)}, {"over", options.burst.substr(slash + 1)}},
         [](LoadFlags& flags) { flags.burst.reset(); }});
  }
  return wanted;
}

/// Moves flags into `set`; they are gone from `flags` then.
mcp::Result<void> set_variables(const ScenarioSource& source, const LoadOptions& options,
                                LoadFlags& flags, std::map<std::string, std::string>& set) {
  const auto file = scenarios::read_yaml(source.text);
  const auto* declared = file ? file->find("vars") : nullptr;
  const auto is_declared = [&](const auto& value) {
    return declared != nullptr && declared->find(value.first) != nullptr;
  };
  for (const auto& wanted : variables_of(options)) {
    if (!std::ranges::all_of(wanted.values, is_declared)) continue;
    for (const auto& [name, value] : wanted.values) {
      if (set.emplace(name, value).second) continue;
      return usage(fmt::format("--set {}: the flag of that meaning says something else", name));
    }
    wanted.take(flags);
  }
  return {};
}

mcp::Result<void> change_phases(scenarios::Scenario& scenario, const LoadFlags& flags) {
  if (flags.rate) {
    if (scenario.phases.size() != 1 || !scenario.has_rates()) {
      return usage("--rate: the scenario has no phase with a rate, or several",
                   "'mcpctl load show' tells its variables; change one by --set NAME=VALUE");
    }
    scenario.phases.front().from = flags.rate;
    scenario.phases.front().to = flags.rate;
  }
  if (!flags.duration) return {};
  if (scenario.phases.size() > 1) {
    return usage("--duration: the scenario has several phases",
                 "'mcpctl load show' tells its variables; change one by --set NAME=VALUE");
  }
  if (!scenario.phases.empty()) scenario.phases.front().length = *flags.duration;
  scenario.duration = *flags.duration;
  return {};
}

mcp::Result<void> change_script(scenarios::Scenario& scenario, const LoadFlags& flags) {
  const auto burst = [&](scenarios::Burst& each) {
    each.calls = flags.burst->calls;
    each.over = flags.burst->over;
  };
  if (flags.burst && !change_steps<scenarios::Burst>(scenario.script, burst)) {
    return usage("--burst: the scenario has no burst");
  }
  const auto idle = [&](scenarios::Idle& each) { each.time = *flags.idle; };
  if (flags.idle && !change_steps<scenarios::Idle>(scenario.script, idle)) {
    return usage("--idle: the scenario does not idle");
  }
  if (!flags.call) return {};
  if (!draws_requests(scenario.script)) {
    return usage("--call: each step of the scenario says itself what it sends");
  }
  scenario.requests = {*flags.call};
  return {};
}

mcp::Result<scenarios::Scenario> changed(scenarios::Scenario scenario, const LoadFlags& flags) {
  if (flags.agents) scenario.agents.count = *flags.agents;
  if (flags.seed) scenario.seed = *flags.seed;
  if (!flags.sources.empty()) scenario.sources = flags.sources;
  if (flags.closed && scenario.has_rates()) {
    return mcp::fail(mcp::ErrorKind::usage,
                     "--closed: the scenario has rates, which it would not keep");
  }
  if (flags.closed) scenario.loop = scenarios::LoopKind::closed;
  if (auto done = change_phases(scenario, flags); !done) return std::unexpected(done.error());
  if (auto done = change_script(scenario, flags); !done) return std::unexpected(done.error());
  std::ranges::copy(flags.thresholds, std::back_inserter(scenario.thresholds));
  return scenario;
}

/// Flags alone say one kind of load.
mcp::Result<void> check_kind(const LoadFlags& flags) {
  if (!flags.burst && !flags.rate && !flags.closed) {
    return usage("load run: there is neither a scenario nor a load",
                 "add --rate 10/s, or --burst 30/8s --idle 1m, or a name of 'load list'");
  }
  if (flags.closed && (flags.burst || flags.rate)) {
    return usage("--closed: excludes --rate and --burst");
  }
  if (flags.burst && flags.rate) return usage("--rate and --burst exclude each other");
  if (flags.idle && !flags.burst) return usage("--idle: belongs to --burst");
  return {};
}

}  // namespace

mcp::Result<scenarios::Scenario> scenario_of_flags(const LoadFlags& flags) {
  if (auto ok = check_kind(flags); !ok) return std::unexpected(ok.error());
  scenarios::Scenario scenario{.name = flags.burst ? "bursts" : "rate"};
  scenario.duration = flags.duration.value_or(std::chrono::minutes(1));
  scenario.script = {ScriptStep{.action = scenarios::Connect{}}};
  if (flags.closed) {
    scenario.name = "closed";
    scenarios::Repeat rounds;
    rounds.steps.push_back(ScriptStep{.action = scenarios::Send{}});
    scenario.script.push_back(ScriptStep{.action = std::move(rounds)});
  } else if (flags.burst) {
    scenarios::Repeat rounds;
    rounds.steps.push_back(ScriptStep{.action = scenarios::Burst{}});
    if (flags.idle) rounds.steps.push_back(ScriptStep{.action = scenarios::Idle{}});
    scenario.script.push_back(ScriptStep{.action = std::move(rounds)});
  } else {
    scenario.settle = std::chrono::seconds(1);
    scenario.phases = {
        {.name = "steady", .length = scenario.duration, .from = flags.rate, .to = flags.rate}};
    scenario.script.push_back(ScriptStep{.action = scenarios::Pace{}});
    scenario.script.push_back(ScriptStep{.action = scenarios::Disconnect{}});
  }
  for (const char* text : healthy) {
    scenario.thresholds.push_back(scenarios::parse_threshold(text).value());
  }
  return changed(std::move(scenario), flags);
}

mcp::Result<scenarios::Scenario> scenario_with_flags(const ScenarioSource& source,
                                                     const LoadOptions& options,
                                                     const LoadFlags& flags, const World& world) {
  auto set = read_settings(options.set);
  if (!set) return std::unexpected(set.error());
  LoadFlags rest = flags;
  if (auto done = set_variables(source, options, rest, *set); !done) {
    return std::unexpected(done.error());
  }
  auto scenario = read_scenario(source, *set, world);
  if (!scenario) return scenario;
  if (scenario->name.empty()) scenario->name = source.name;
  return changed(std::move(*scenario), rest);
}

}  // namespace cli
