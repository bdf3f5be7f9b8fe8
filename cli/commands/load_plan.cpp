#include "cli/commands/load_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>

#include "cli/commands/load_flags.hpp"
#include "cli/commands/load_room.hpp"
#include "cli/commands/load_search.hpp"
#include "cli/conversation.hpp"
#include "cli/start_time.hpp"
#include "mcp/base/text.hpp"
#include "scenarios/request_maker.hpp"

namespace cli {
namespace {

using scenarios::Scenario;

std::string_view name_of(mcp::TransportChoice choice) {
  switch (choice) {
    case mcp::TransportChoice::stdio:
      return "stdio";
    case mcp::TransportChoice::http_sse:
      return "http-sse";
    case mcp::TransportChoice::streamable_http:
      return "streamable-http";
    case mcp::TransportChoice::automatic:
      break;
  }
  return "auto";
}

std::string_view name_of(const mcp::ProtocolChoice& choice) {
  if (choice.revision) return to_string(*choice.revision);
  return choice.era ? to_string(*choice.era) : "auto";
}

/// The command line comes first; what it leaves open the scenario may say.
mcp::Result<Target> target_for(const LoadOptions& options, const Scenario& scenario,
                               Invocation& invocation) {
  TargetOptions how = options.target;
  if (how.transport == "auto") how.transport = name_of(scenario.target.transport);
  if (how.protocol == "auto") how.protocol = name_of(scenario.target.protocol);
  const bool named = !invocation.words.empty() || !invocation.child.empty();
  if (!named) invocation.child = scenario.target.command;
  if (!named && !scenario.target.name.empty())
    return find_target(invocation, how, scenario.target.name);
  auto target = find_target(invocation, how);
  if (!target) return target;
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  return target;
}

mcp::Result<Scenario> choose_scenario(const LoadOptions& options, Invocation& invocation) {
  const auto flags = read_load_flags(options);
  if (!flags) return std::unexpected(flags.error());
  auto& words = invocation.words;
  const bool one_is_target = invocation.child.empty() && words.size() == 1;
  const bool has_scenario =
      !words.empty() &&
      (looks_like_scenario(words.front(), invocation.world) ||
       (!looks_like_target(words.front()) && !(one_is_target && (flags->rate || flags->burst))));
  if (!has_scenario) {
    if (options.set.empty()) return scenario_of_flags(*flags);
    return mcp::fail(mcp::ErrorKind::usage, "--set: there is no scenario to set it in");
  }
  const std::string word = std::move(words.front());
  words.erase(words.begin());
  const auto source = find_scenario(word, invocation.world);
  if (!source) return std::unexpected(source.error());
  return scenario_with_flags(*source, options, *flags, invocation.world);
}

mcp::Result<unsigned> choose_threads(const std::string& text, std::size_t agents) {
  auto threads = std::max(1U, std::thread::hardware_concurrency());
  if (!text.empty()) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), threads);
    if (problem != std::errc{} || end != text.data() + text.size() || threads < 1 ||
        threads > 256) {
      return mcp::fail(mcp::ErrorKind::usage,
                       fmt::format("--threads: {} is no number from 1 to 256", mcp::quoted(text)));
    }
  }
  return static_cast<unsigned>(std::clamp<std::size_t>(agents, 1, threads));
}

mcp::Result<void> check_scenario(const Scenario& scenario, const scenarios::Plan& plan) {
  for (const auto& threshold : scenario.thresholds) {
    if (auto known = check_threshold(threshold, plan.steps()); !known) return known;
  }
  if (plan.agents().empty()) {
    return mcp::fail(mcp::ErrorKind::usage, "no agent is left for this shard",
                     "use fewer shards, or more agents");
  }
  return {};
}

mcp::Result<void> read_shard_options(const LoadOptions& options, LoadPlan& plan) {
  if (!options.shard.empty()) {
    const auto shard = scenarios::read_shard(options.shard);
    if (!shard) return std::unexpected(shard.error());
    plan.shard = *shard;
  }
  if (options.start_at.empty()) return {};
  const auto start = read_start_time(options.start_at);
  if (!start) return std::unexpected(start.error());
  plan.start_at = *start;
  return {};
}

}  // namespace

mcp::Result<LoadPlan> make_load_plan(const LoadOptions& options, Invocation& invocation) {
  LoadPlan plan;
  auto scenario = choose_scenario(options, invocation);
  if (!scenario) return std::unexpected(scenario.error());
  plan.scenario = std::move(*scenario);
  auto target = target_for(options, plan.scenario, invocation);
  if (!target) return std::unexpected(target.error());
  plan.target = std::move(*target);
  // Each end of a stream is a finding, and never made good in silence.
  plan.target.endpoint.limits.max_listen_resumptions = 0;
  if (is_search(plan.scenario)) {
    plan.scenario.agents.count = agents_of_search(plan.scenario);
    if (auto ok = check_search(options, plan); !ok) return std::unexpected(ok.error());
  }
  if (options.has_timeout) plan.scenario.timeout = plan.target.timeout;
  if (auto ok = read_shard_options(options, plan); !ok) return std::unexpected(ok.error());
  const bool waits = std::holds_alternative<scenarios::IdleSearch>(plan.scenario.search);
  const scenarios::Plan whole(plan.scenario, plan.shard);
  if (auto ok = check_scenario(plan.scenario, whole); !ok) return std::unexpected(ok.error());
  const auto threads = choose_threads(waits ? "1" : options.threads, whole.agents().size());
  if (!threads) return std::unexpected(threads.error());
  plan.threads = *threads;
  if (options.cold && !tools_to_sample(plan.scenario).empty()) {
    return mcp::fail(mcp::ErrorKind::usage,
                     "--cold: arguments cannot be made without asking for the tool's schema",
                     "give them by --args, or by arguments in the scenario");
  }
  if (auto ok = make_room(plan, whole.agents().size()); !ok) return std::unexpected(ok.error());
  if (whole.too_late() != 0 && invocation.verbosity != Verbosity::quiet) {
    print_warning(invocation.world,
                  fmt::format("{} agents would come after the end of the run: let them "
                              "come sooner (arrive), or run longer",
                              whole.too_late()));
  }
  plan.cold = options.cold;
  plan.phases_start = whole.phases_start();
  plan.steps = whole.steps();
  plan.length = is_search(plan.scenario) ? mcp::Duration::max() : whole.ends();
  return plan;
}

}  // namespace cli
