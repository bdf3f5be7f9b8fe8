#include "cli/commands/diff_fleet_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr std::size_t default_samples = 5;
constexpr std::size_t most_samples = 1000;

std::unexpected<mcp::Error> usage(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

mcp::Result<std::size_t> count_of(std::string_view option, const std::string& text,
                                  std::size_t least, std::size_t most) {
  std::size_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc() && stop == end && count >= least && count <= most) return count;
  return usage(fmt::format("{}: {} is not a number from {} to {}", option, mcp::quoted(text, 40),
                           least, most));
}

mcp::Result<std::vector<std::string>> pods_of(const std::string& text) {
  std::vector<std::string> pods;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto pod = std::string(mcp::trim(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
    if (pod.empty() || pod.find('/') != std::string::npos) {
      return usage(fmt::format("--pods: {} is not an address", mcp::quoted(pod, 100)),
                   "write the pods' addresses: --pods 10.0.0.1:8080,10.0.0.2:8080");
    }
    if (std::ranges::find(pods, pod) != pods.end()) {
      return usage(fmt::format("--pods: {} is there twice", mcp::quoted(pod, 100)));
    }
    pods.push_back(pod);
  }
  return pods;
}

}  // namespace

void add_fleet_options(CLI::App& app, FleetFlags& flags) {
  const std::string group = "Fleet and repetition";
  app.add_flag("--fleet", flags.fleet,
               "Compare the replicas behind one target, every two of them in both directions")
      ->group(group);
  app.add_option("--samples", flags.samples, "Read it N times, each on a connection of its own (5)")
      ->type_name("N")
      ->group(group);
  app.add_option("--pods", flags.pods, "Read each of these replicas instead; the host name stays")
      ->type_name("ADDRESS,…")
      ->group(group);
  app.add_option("--watch", flags.watch, "Read again and again, this far apart; tell each change")
      ->type_name("DURATION")
      ->group(group);
  app.add_option("--rounds", flags.rounds, "With --watch: end after N readings")
      ->type_name("N")
      ->group(group);
}

mcp::Result<std::optional<WatchPlan>> watch_plan_of(const FleetFlags& flags) {
  if (flags.watch.empty()) {
    if (!flags.rounds.empty()) return usage("--rounds: needs --watch beside it");
    return std::nullopt;
  }
  const auto interval = mcp::parse_duration(flags.watch);
  if (!interval) return usage("--watch: " + interval.error().message, interval.error().hint);
  WatchPlan plan{.interval = *interval, .rounds = std::nullopt};
  if (flags.rounds.empty()) return plan;
  const auto rounds = count_of("--rounds", flags.rounds, 1, 1'000'000);
  if (!rounds) return std::unexpected(rounds.error());
  plan.rounds = *rounds;
  return plan;
}

mcp::Result<std::optional<FleetPlan>> fleet_plan_of(const FleetFlags& flags) {
  if (!flags.fleet) {
    if (flags.samples.empty() && flags.pods.empty()) return std::nullopt;
    return usage(flags.pods.empty() ? "--samples: needs --fleet beside it"
                                    : "--pods: needs --fleet beside it");
  }
  if (!flags.samples.empty() && !flags.pods.empty()) {
    return usage("--samples and --pods exclude each other", "of each pod one sample is taken");
  }
  FleetPlan plan{.samples = default_samples, .pods = {}};
  if (!flags.pods.empty()) {
    auto pods = pods_of(flags.pods);
    if (!pods) return std::unexpected(pods.error());
    plan.pods = std::move(*pods);
    plan.samples = plan.pods.size();
  }
  if (!flags.samples.empty()) {
    const auto samples = count_of("--samples", flags.samples, 2, most_samples);
    if (!samples) return std::unexpected(samples.error());
    plan.samples = *samples;
  }
  return plan;
}

}  // namespace cli
