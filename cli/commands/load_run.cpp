#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "cli/commands/load_export.hpp"
#include "cli/commands/load_export_plan.hpp"
#include "cli/commands/load_plan.hpp"
#include "cli/commands/load_preflight.hpp"
#include "cli/commands/load_progress.hpp"
#include "cli/commands/load_results.hpp"
#include "cli/commands/load_search.hpp"
#include "cli/file.hpp"
#include "cli/render/load/html/report.hpp"
#include "cli/resident_pages.hpp"
#include "mcp/base/text.hpp"
#include "mcp/io/signals.hpp"
#include "scenarios/driver.hpp"
#include "scenarios/histogram_log.hpp"

namespace cli {
namespace {

using namespace std::chrono_literals;
using scenarios::Results;

/// Until all threads have made their agents.
constexpr auto head_start = 200ms;
constexpr auto glance_every = 50ms;

mcp::Duration thread_cpu_time() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// Each thread has its loop, and what its agents' ports share.
std::function<scenarios::Agent::MakePort(mcp::Loop&)> port_maker(const LoadPlan& plan,
                                                                 const Preflight& known) {
  return [&plan, &known](mcp::Loop& loop) -> scenarios::Agent::MakePort {
    const auto shared = std::make_shared<scenarios::ConnectionPortOptions>(
        scenarios::ConnectionPortOptions{.endpoint = plan.target.endpoint,
                                         .client = plan.target.client,
                                         .tool_schemas = known.tool_schemas,
                                         .learnt = known.learnt,
                                         .sources = plan.scenario.sources,
                                         .lean = nullptr,
                                         .spare_calls = {}});
    return [&loop, shared](
               scenarios::AgentId agent,
               scenarios::PortObserver& observer) -> std::unique_ptr<scenarios::AgentPort> {
      return std::make_unique<scenarios::ConnectionPort>(loop, *shared, agent, observer);
    };
  };
}

/// Waits for the threads, beside them: signals and progress.
class Watch {
 public:
  Watch(Invocation& invocation, const LoadPlan& plan)
      : invocation_(invocation), plan_(plan), loop_(mcp::make_loop()) {
    signals_ = mcp::watch_signals(*loop_, {SIGINT, SIGTERM}, [this](int) { interrupt(); });
  }

  bool interrupted() const { return interrupted_; }
  mcp::TimePoint now() const { return loop_->now(); }
  mcp::Loop& loop() { return *loop_; }

  /// False: it was interrupted.
  bool sleep_until(mcp::TimePoint when) {
    while (!interrupted_ && loop_->now() < when) loop_->turn(when);
    return !interrupted_;
  }

  scenarios::Recording drive(scenarios::DriverOptions options, LoadExport* exported) {
    auto& progress = progress_.emplace(invocation_, plan_, options.start);
    options.telling.latencies = progress.wants_latencies();
    // What reading the scenario needed is not to count beside ten thousand agents.
    release_unchanged_pages();
    scenarios::Driver driver(std::move(options));
    bool told = false;
    while (!driver.is_over()) {
      loop_->turn(loop_->now() + glance_every);
      if (interrupted_ && !std::exchange(told, true)) stop(driver, progress);
      progress.tell(loop_->now(), driver);
      if (exported != nullptr) exported->tick(driver);
    }
    auto recording = driver.finish();
    if (exported != nullptr) exported->tick(driver);
    progress_.reset();
    return recording;
  }

  /// A line that the live screen makes room for.
  void warn(std::string_view warning) {
    if (progress_) {
      progress_->say(fmt::format("mcpctl: warning: {}", warning));
    } else if (invocation_.verbosity != Verbosity::quiet) {
      print_warning(invocation_.world, warning);
    }
  }

 private:
  void interrupt() {
    interrupted_ = true;
    signals_.reset();  // the next one kills
  }

  void stop(scenarios::Driver& driver, LoadProgress& progress) const {
    driver.stop();
    progress.stopped();
    progress.say(fmt::format("mcpctl: interrupted: open requests get up to {}; again to kill",
                             mcp::format_duration(plan_.scenario.drain)));
  }

  Invocation& invocation_;
  const LoadPlan& plan_;
  std::unique_ptr<mcp::Loop> loop_;
  bool interrupted_ = false;
  std::unique_ptr<mcp::Handle> signals_;
  std::optional<LoadProgress> progress_;
};

Results::Start wall_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// When the run starts, on the wall and on the loop's clock.
struct Start {
  Results::Start wall;
  mcp::TimePoint loop;
};
mcp::Result<Start> choose_start(const LoadPlan& plan, mcp::TimePoint now) {
  const auto wall_now = wall_time();
  const auto wall = plan.start_at.value_or(wall_now + head_start);
  if (wall < wall_now + head_start) {
    return mcp::fail(mcp::ErrorKind::usage, fmt::format("--start-at: {} is over, or about to be",
                                                        scenarios::to_string(wall)));
  }
  return Start{wall, now + (wall - wall_now)};
}

/// All of the results that is known before the run.
Results facts_of(const LoadPlan& plan, const Preflight& known, Results::Start start) {
  Results results{.scenario = plan.scenario.name,
                  .target = plan.target.endpoint.name,
                  .transport = known.learnt ? std::string(to_string(known.learnt->transport)) : "",
                  .seed = plan.scenario.seed,
                  .shards = {plan.shard.index + 1},
                  .shards_of = plan.shard.count,
                  .start = start,
                  .thresholds = {},
                  .recording = {}};
  if (known.revision) results.protocol_version = to_string(*known.revision);
  for (const auto& each : plan.scenario.thresholds) results.thresholds.push_back(each.text);
  return results;
}

mcp::Result<void> write_files(const LoadOptions& options, const Results& results,
                              const World& world) {
  if (!options.results.empty()) {
    auto written = write_file(world.directory / options.results, write_results(results));
    if (!written) return written;
  }
  if (!options.html.empty()) {
    auto written = write_file(world.directory / options.html, render_load_html(results));
    if (!written) return written;
  }
  if (options.histogram_log.empty()) return {};
  const double seconds = std::chrono::duration<double>(results.start.time_since_epoch()).count();
  return write_file(world.directory / options.histogram_log,
                    write_histogram_log(histogram_log_of(results.recording, seconds)));
}

/// Where not one session was opened, the class of most failures says why.
ExitCode why_not_reached(const scenarios::Recording& recording) {
  const auto& failures = recording.by_step.at(scenarios::Plan::connect_step).failures;
  const auto most =
      static_cast<scenarios::Failure>(std::ranges::max_element(failures) - failures.begin());
  if (recording.statuses.contains(401) || recording.statuses.contains(403)) return ExitCode::auth;
  if (most == scenarios::Failure::timeout) return ExitCode::timeout;
  if (most == scenarios::Failure::refused || most == scenarios::Failure::reset) {
    return ExitCode::unreachable;
  }
  return ExitCode::protocol;
}

bool nothing_reached(const scenarios::Recording& recording) {
  return recording.totals.sessions_opened == 0 &&
         recording.by_step.at(scenarios::Plan::connect_step).requests != 0;
}

void print_plan(const Invocation& invocation, const LoadPlan& plan) {
  if (invocation.verbosity == Verbosity::quiet) return;
  const auto agents = plan.scenario.agents.count;
  std::string line =
      fmt::format("mcpctl: {}: {} agent{}, {} thread{}", mcp::printable(plan.scenario.name), agents,
                  agents == 1 ? "" : "s", plan.threads, plan.threads == 1 ? "" : "s");
  if (plan.shard.count > 1) {
    line += fmt::format(", shard {} of {}", plan.shard.index + 1, plan.shard.count);
  }
  if (is_search(plan.scenario) && plan.scenario.duration != mcp::Duration::zero()) {
    line += fmt::format(", at most {}", mcp::format_duration(plan.scenario.duration));
  }
  if (plan.length != mcp::Duration::max()) line += ", " + mcp::format_duration(plan.length);
  invocation.world.err << line + "\n" << std::flush;
}

struct Run {
  Invocation& invocation;
  const LoadPlan& plan;
  const Preflight& known;
  Watch& watch;
};

scenarios::Recording drive(const Run& run, scenarios::Scenario scenario, mcp::TimePoint start,
                           const scenarios::Telling& telling, LoadExport* exported) {
  return run.watch.drive({.scenario = std::move(scenario),
                          .shard = run.plan.shard,
                          .threads = run.plan.threads,
                          .make_ports = port_maker(run.plan, run.known),
                          .samples = run.known.samples,
                          .start = start,
                          .cpu_time = thread_cpu_time,
                          .telling = telling},
                         exported);
}

void search(const Run& run, Results& results) {
  // Each of its runs counts from nothing again: what is exported is the whole, at the end.
  const auto hold = [&run](scenarios::Scenario step) {
    return drive(run, std::move(step), run.watch.now() + head_start, {}, nullptr);
  };
  auto searched = run_search({.invocation = run.invocation,
                              .plan = run.plan,
                              .known = run.known,
                              .loop = run.watch.loop(),
                              .interrupted = [&run] { return run.watch.interrupted(); },
                              .make_ports = port_maker(run.plan, run.known),
                              .drive = hold});
  results.recording = std::move(searched.recording);
  results.search = std::move(searched.report);
}

}  // namespace

mcp::Result<ExitCode> run_load(const LoadOptions& options, Invocation& invocation) {
  const auto plan = make_load_plan(options, invocation);
  if (!plan) return std::unexpected(plan.error());
  auto exporting = plan_export(options, invocation.world);
  if (!exporting) return std::unexpected(exporting.error());
  Preflight known;
  if (!plan->cold) {
    auto found = preflight(invocation, plan->target, plan->scenario);
    if (!found) return std::unexpected(found.error());
    known = std::move(*found);
  }
  Watch watch(invocation, *plan);
  const auto start = choose_start(*plan, watch.now());
  if (!start) return std::unexpected(start.error());
  print_plan(invocation, *plan);
  if (!watch.sleep_until(start->loop - head_start)) return ExitCode::interrupted;
  auto results = facts_of(*plan, known, start->wall);
  const auto exported =
      make_export(*exporting, watch.loop(), export_context(results, plan->steps, start->loop),
                  [&watch](std::string_view text) { watch.warn(text); });
  if (!exported) return std::unexpected(exported.error());
  if (is_search(plan->scenario)) {
    search({invocation, *plan, known, watch}, results);
  } else {
    results.recording = drive({invocation, *plan, known, watch}, plan->scenario, start->loop,
                              exporting->telling, exported->get());
  }
  const auto written = write_files(options, results, invocation.world);
  const auto shown = show_results(results, options.output, invocation.world);
  finish_export(exported->get(), results, options, invocation);
  if (!written) return std::unexpected(written.error());
  if (nothing_reached(results.recording)) return why_not_reached(results.recording);
  return watch.interrupted() ? ExitCode::interrupted : shown;
}

}  // namespace cli
