#include "cli/commands/load_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "mcp/base/text.hpp"
#include "scenarios/capacity_step.hpp"
#include "scenarios/idle_hunt.hpp"

namespace cli {
namespace {

using scenarios::SearchEnd;

/// Between looks at Ctrl-C.
constexpr std::chrono::milliseconds glance_every{50};
constexpr std::chrono::seconds tell_every{5};

void tell(const SearchSurroundings& around, const std::string& text) {
  if (around.invocation.verbosity == Verbosity::quiet) return;
  around.invocation.world.err << "mcpctl: " + text + "\n" << std::flush;
}

mcp::TimePoint end_of(const SearchSurroundings& around) {
  const auto longest = around.plan.scenario.duration;
  return longest == mcp::Duration::zero() ? mcp::TimePoint::max() : around.loop.now() + longest;
}

mcp::Result<void> refuse(std::string what, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(what), std::move(hint));
}

class IdleRun {
 public:
  explicit IdleRun(const SearchSurroundings& around)
      : around_(around),
        start_(around.loop.now()),
        recorder_({.steps = scenarios::Plan(around.plan.scenario, {}).steps(), .start = start_}),
        make_port_(around.make_ports(around.loop)) {}

  Searched run() {
    auto search = std::get<scenarios::IdleSearch>(around_.plan.scenario.search);
    const bool no_sessions = around_.known.learnt &&
                             around_.known.learnt->era == mcp::Era::modern &&
                             std::erase(search.subjects, scenarios::Subject::session) != 0;
    scenarios::IdleHunt hunt({.loop = around_.loop,
                              .search = search,
                              .make_port = [this](auto& observer) { return make(observer); },
                              .ends = end_of(around_),
                              .recorder = &recorder_});
    hunt.start();
    wait(hunt, search.to);
    recorder_.schedule_ended(around_.loop.now());
    auto report = hunt.report();
    auto& findings = std::get<scenarios::IdleReport>(report.found).findings;
    if (no_sessions) {
      findings.insert(findings.begin(), {.subject = scenarios::Subject::session,
                                         .result = {.cut = mcp::Duration::max()},
                                         .absent = "the modern protocol has none"});
    }
    return {.recording = recorder_.recording(), .report = std::move(report)};
  }

 private:
  /// Each wait is an agent of its own.
  std::unique_ptr<scenarios::AgentPort> make(scenarios::PortObserver& observer) {
    return make_port_(++agents_, observer);
  }

  void wait(scenarios::IdleHunt& hunt, mcp::Duration longest) {
    auto told = start_;
    while (!hunt.is_over()) {
      const auto now = around_.loop.now();
      around_.loop.turn(now + glance_every);
      if (around_.interrupted()) hunt.stop(SearchEnd::interrupted);
      if (now - told < tell_every) continue;
      told = now;
      tell(around_,
           fmt::format("{}: {} waits have ended, {} agents so far; the longest is {}",
                       mcp::format_duration(std::chrono::floor<std::chrono::seconds>(now - start_)),
                       hunt.trials(), agents_, mcp::format_duration(longest)));
    }
  }

  const SearchSurroundings& around_;
  mcp::TimePoint start_;
  scenarios::Recorder recorder_;
  scenarios::AgentId agents_ = 0;
  scenarios::Agent::MakePort make_port_;
};

class CapacityRun {
 public:
  explicit CapacityRun(const SearchSurroundings& around)
      : around_(around),
        search_(std::get<scenarios::CapacitySearch>(around.plan.scenario.search)),
        finder_(search_) {}

  Searched run() {
    const auto ends = end_of(around_);
    auto end = SearchEnd::complete;
    while (const auto rate = finder_.next()) {
      if (around_.loop.now() + search_.step > ends) end = SearchEnd::out_of_time;
      if (end == SearchEnd::complete && !hold(*rate)) end = SearchEnd::interrupted;
      if (end != SearchEnd::complete) break;
    }
    return {.recording = std::move(recording_),
            .report = {.found = scenarios::CapacityReport{.result = finder_.result(),
                                                          .steps = finder_.steps()},
                       .end = end}};
  }

 private:
  /// False: it was interrupted, and the step says nothing.
  bool hold(const scenarios::Rate& rate) {
    const auto& scenario = around_.plan.scenario;
    auto recording = without_handshakes(around_.drive(scenario_at(scenario, rate)));
    if (around_.interrupted()) {
      if (recording_.threads == 0) recording_ = std::move(recording);
      return false;
    }
    const auto step = step_of(scenario, rate, recording);
    finder_.add(step);
    const bool is_good = step.kept && !step.saturated;
    tell(around_, fmt::format("{} {}", to_text(rate),
                              is_good          ? "kept, p99 " + mcp::format_duration(step.p99)
                              : step.saturated ? "not driven: " + step.reason
                                               : "broke: " + step.reason));
    // Of the highest rate that is kept; of the first as long as none is.
    if (is_good || recording_.threads == 0) recording_ = std::move(recording);
    return true;
  }

  const SearchSurroundings& around_;
  scenarios::CapacitySearch search_;
  scenarios::CapacityFinder finder_;
  scenarios::Recording recording_;
};

}  // namespace

std::int64_t agents_of_search(const scenarios::Scenario& scenario) {
  const auto* idle = std::get_if<scenarios::IdleSearch>(&scenario.search);
  if (idle == nullptr) return scenario.agents.count;
  return static_cast<std::int64_t>(idle->subjects.size() * scenarios::IdleLadder::usual_lanes);
}

mcp::Result<void> check_search(const LoadOptions& options, const LoadPlan& plan) {
  if (!options.shard.empty()) return refuse("--shard: a search is not split");
  if (!options.start_at.empty()) return refuse("--start-at: a search starts at once");
  if (!std::holds_alternative<scenarios::IdleSearch>(plan.scenario.search)) return {};
  if (!options.agents.empty()) return refuse("--agents: the search says itself how many it needs");
  if (!options.threads.empty()) return refuse("--threads: waiting needs one");
  if (!options.histogram_log.empty()) return refuse("--hlog: waits have no latencies");
  if (!plan.target.endpoint.url) {
    return refuse("a command has no connections that could be cut while idle",
                  "give the URL of a server");
  }
  return {};
}

Searched run_search(const SearchSurroundings& around) {
  if (std::holds_alternative<scenarios::IdleSearch>(around.plan.scenario.search)) {
    return IdleRun(around).run();
  }
  return CapacityRun(around).run();
}

}  // namespace cli
