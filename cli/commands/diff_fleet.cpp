#include "cli/commands/diff_fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ostream>
#include <set>
#include <utility>

#include "cli/commands/diff_fleet_report.hpp"
#include "cli/commands/diff_watch.hpp"
#include "cli/conversation.hpp"
#include "cli/live_snapshot.hpp"
#include "mcp/base/digest.hpp"
#include "mcp/base/text.hpp"
#include "probes/drift/fleet_changes.hpp"
#include "probes/drift/within_ttl.hpp"

namespace cli {
namespace {

using probes::drift::FleetGroup;
using probes::drift::Sample;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Replicas differ in few places; more is not worth waiting for.
constexpr auto proof_budget = std::chrono::seconds(30);

/// A balancer that deals out requests in turn would give the lists of every sample to the same
/// replica when a sample's requests are a multiple of the replicas. With these numbers of further
/// requests all of two replicas are met in 3 samples, of three in 5, of four in 7, of five in 9.
constexpr std::array<std::size_t, 20> further_requests = {0, 1, 2, 2, 1, 0, 3, 3, 0, 3,
                                                          0, 0, 2, 2, 3, 2, 1, 3, 0, 1};

mcp::Result<Target> fleet_target(const DiffFlags& flags, const FleetPlan& plan,
                                 Invocation& invocation) {
  if (!flags.era.empty()) {
    return mcp::fail(mcp::ErrorKind::usage, "--fleet and --era both exclude each other",
                     "--protocol legacy or modern picks one era");
  }
  auto target = find_target(invocation, flags.target);
  if (!target) return target;
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  if (!plan.pods.empty() && !target->endpoint.url) {
    return mcp::fail(mcp::ErrorKind::usage, "--pods: a command has no addresses",
                     "leave --pods out, or name a URL");
  }
  if (!plan.pods.empty() && !flags.target.unix_socket.empty()) {
    return mcp::fail(mcp::ErrorKind::usage, "--pods and --unix-socket exclude each other");
  }
  // Replicas may be of different eras: what was learnt from one of them says nothing of the next.
  target->client.memory.reset();
  target->era_cache_file.clear();
  return target;
}

/// The URL's host stays for Host and SNI; the connection goes to the pod.
Target at_pod(Target target, const std::string& pod) {
  const mcp::Url& url = *target.endpoint.url;
  const auto bracketed = [](const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
  };
  const bool is_bare_v6 = !pod.starts_with('[') && std::ranges::count(pod, ':') > 1;
  const auto colon = pod.rfind(':');
  const bool has_port = !is_bare_v6 && colon != std::string::npos && !pod.ends_with(']');
  const auto address = has_port ? pod : fmt::format("{}:{}", bracketed(pod), url.port);
  auto& routes = target.endpoint.http.connect_to;
  routes.insert(routes.begin(), fmt::format("{}:{}:{}", bracketed(url.host), url.port, address));
  return target;
}

class FleetReader {
 public:
  FleetReader(const DiffFlags& flags, const DiffSettings& settings, FleetPlan plan, Target target,
              Invocation& invocation)
      : flags_(flags),
        settings_(settings),
        plan_(std::move(plan)),
        target_(std::move(target)),
        invocation_(invocation) {}

  /// An error only where no sample could be taken, or on Ctrl-C.
  mcp::Result<FleetDocument> read() {
    const auto start = std::chrono::steady_clock::now();
    FleetDocument document{.target = target_.endpoint.name, .gate = settings_.gate};
    auto samples = take_samples(document.failed);
    if (!samples) return std::unexpected(samples.error());
    document.samples = samples->size();
    auto options = settings_.diff;
    options.expired = [end = std::chrono::steady_clock::now() + proof_budget] {
      return std::chrono::steady_clock::now() >= end;
    };
    document.report = probes::drift::compare_fleet(*samples, options, settings_.gate);
    add_drift_within_ttl(document);
    document.exit_status = status(code_of(document), invocation_.exit_style);
    before_ = document.report.groups;
    before_start_ = start;
    return document;
  }

  static ExitCode code_of(const FleetDocument& document) {
    return document.report.passed && document.failed.empty() ? ExitCode::ok : ExitCode::findings;
  }

 private:
  mcp::Result<std::vector<Sample>> take_samples(std::vector<FailedSample>& failed) {
    std::vector<Sample> samples;
    std::optional<mcp::Error> first_error;
    std::set<std::string> told;
    for (std::size_t index = 0; index < plan_.samples; ++index) {
      const bool by_pod = !plan_.pods.empty();
      auto label = by_pod ? plan_.pods[index] : fmt::format("sample {}", index + 1);
      const auto pings = by_pod ? 0 : further_requests[index % further_requests.size()];
      auto sample = take(by_pod ? at_pod(target_, plan_.pods[index]) : target_, pings, told);
      if (sample) {
        samples.push_back({.label = std::move(label), .snapshot = std::move(*sample)});
        continue;
      }
      if (sample.error().kind == mcp::ErrorKind::interrupted) {
        return std::unexpected(sample.error());
      }
      if (!first_error) first_error = sample.error();
      failed.push_back({.label = std::move(label), .message = sample.error().message});
    }
    if (samples.empty()) return std::unexpected(*first_error);
    return samples;
  }

  mcp::Result<probes::drift::Snapshot> take(Target target, std::size_t pings,
                                            std::set<std::string>& told) {
    std::vector<std::string> warnings;
    auto snapshot = take_snapshot(invocation_, std::move(target), warnings, pings);
    if (!snapshot) return snapshot;
    for (const auto& warning : warnings) {
      const bool is_new = told.insert(warning).second;
      if (is_new && invocation_.verbosity != Verbosity::quiet) {
        print_warning(invocation_.world, warning);
      }
    }
    return probes::drift::redact(*snapshot, flags_.redact);
  }

  /// Of each surface that was not there before: what came too early for those who keep another.
  void add_drift_within_ttl(FleetDocument& document) {
    if (before_.empty()) return;
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - before_start_);
    probes::drift::Diff diff{.changes = std::move(document.report.changes)};
    for (const FleetGroup& group : document.report.groups) {
      const auto surface = probes::drift::surface_of(group.snapshot);
      const bool is_old = std::ranges::any_of(before_, [&](const FleetGroup& old) {
        return probes::drift::surface_of(old.snapshot) == surface;
      });
      if (is_old) continue;
      for (auto& change :
           probes::drift::drift_within_ttl(before_.front().snapshot, group.snapshot, elapsed)) {
        diff.changes.push_back(std::move(change));
      }
    }
    const auto& first = document.report.groups.front().snapshot;
    document.report.passed = probes::drift::judge(diff, first, first, settings_.gate).passed;
    document.report.changes = std::move(diff.changes);
  }

  const DiffFlags& flags_;
  const DiffSettings& settings_;
  FleetPlan plan_;
  Target target_;
  Invocation& invocation_;
  std::vector<FleetGroup> before_;
  SteadyTime before_start_;
};

/// The surfaces that are there, however many samples showed each, and who did not answer.
std::string state_of(const FleetDocument& document) {
  std::set<std::string> digests;
  for (const FleetGroup& group : document.report.groups) {
    digests.insert(mcp::sha256_digest(probes::drift::surface_of(group.snapshot).text()));
  }
  std::string state;
  for (const auto& digest : digests) state += digest + ' ';
  for (const FailedSample& failed : document.failed) state += failed.label + ' ';
  return state;
}

}  // namespace

mcp::Result<ExitCode> run_fleet(const DiffFlags& flags, const DiffSettings& settings,
                                const DriftFormat& format, const DriftStyle& style,
                                Invocation& invocation) {
  const auto plan = fleet_plan_of(flags.fleet);
  if (!plan) return std::unexpected(plan.error());
  const auto repeated = watch_plan_of(flags.fleet);
  if (!repeated) return std::unexpected(repeated.error());
  auto target = fleet_target(flags, **plan, invocation);
  if (!target) return std::unexpected(target.error());
  FleetReader reader(flags, settings, **plan, std::move(*target), invocation);
  const auto round = [&]() -> mcp::Result<WatchRound> {
    const auto document = reader.read();
    if (!document) return std::unexpected(document.error());
    return WatchRound{.state = state_of(*document),
                      .what = document->target + " shows other surfaces than before",
                      .text = render_fleet(*document, format, style),
                      .code = FleetReader::code_of(*document)};
  };
  if (*repeated) return watch(invocation, **repeated, round);
  const auto once = round();
  if (!once) return std::unexpected(once.error());
  invocation.world.out << once->text;
  return once->code;
}

}  // namespace cli
