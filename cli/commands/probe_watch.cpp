#include "cli/commands/probe_watch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>
#include <vector>

#include "cli/commands/probe_document.hpp"
#include "cli/known_eras.hpp"
#include "cli/remembered_era.hpp"
#include "cli/render/watch_line.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/io/signals.hpp"

namespace cli {
namespace {

/// The time between runs. Signals are taken from the first run to the last: one that comes while a
/// line is printed must not kill the program.
class Beat {
 public:
  explicit Beat(mcp::Duration interval)
      : loop_(mcp::make_loop()),
        signals_(
            mcp::watch_signals(*loop_, {SIGINT, SIGTERM}, [this](int) { interrupted_ = true; })),
        start_(now()),
        interval_(interval) {}

  /// Whether the next beat came without a signal.
  bool wait() {
    const auto until = next_beat(start_, interval_, now());
    while (!interrupted_ && loop_->now() < until) loop_->turn(until);
    return !interrupted_;
  }
  mcp::Duration passed() { return now() - start_; }

 private:
  mcp::TimePoint now() {
    loop_->turn(loop_->now());
    return loop_->now();
  }

  std::unique_ptr<mcp::Loop> loop_;
  bool interrupted_ = false;
  std::unique_ptr<mcp::Handle> signals_;
  mcp::TimePoint start_;
  mcp::Duration interval_;
};

class TargetWatch {
 public:
  TargetWatch(ProbeJob job, probes::ProbeOptions options, const ProbeWatchPlan& plan,
              Invocation& invocation)
      : options_(std::move(options)), plan_(plan), invocation_(invocation) {
    jobs_.push_back(std::move(job));
  }

  ExitCode run() {
    Beat beat(plan_.interval);
    bool goes_on = true;
    while (goes_on) {
      goes_on = probe_once() && invocation_.world.out.good() && !is_enough();
      if (goes_on && !beat.wait()) code_ = ExitCode::interrupted;
      if (code_ == ExitCode::interrupted) goes_on = false;
    }
    if (invocation_.verbosity != Verbosity::quiet)
      invocation_.world.err << "mcpctl: " << watch_summary(uptime_, beat.passed()) << '\n'
                            << std::flush;
    return code_;
  }

 private:
  /// False: a signal ended it.
  bool probe_once() {
    auto& target = *jobs_.front().target;
    eras_.prepare(target);
    options_.today = std::chrono::system_clock::now();
    const auto report = std::move(probe_all(jobs_, options_).front());
    if (report.verdict == probes::Verdict::interrupted) {
      code_ = ExitCode::interrupted;
      return false;
    }
    eras_.learn(target, report.seen);
    if (report.seen.peer) remember_era(target, {report.seen.transport, report.seen.peer->era()});
    const auto style = invocation_.exit_style;
    const auto code = exit_code_of(report, options_, style);
    code_ = worse_of(code_, code);
    const bool up = code == ExitCode::ok || code == ExitCode::warnings;
    uptime_.add(options_.today, up, report.total);
    tell(document_of(report, options_, style));
    return true;
  }

  void tell(const Document& document) {
    auto& world = invocation_.world;
    if (plan_.output == WatchOutput::json) {
      const auto json = nlohmann::ordered_json::parse(document.json);
      world.out << json.dump(-1, ' ', true) << '\n' << std::flush;
      return;
    }
    const auto colour = world.colour_on_out() ? Colour::ansi : Colour::none;
    world.out << watch_line(document, uptime_, options_.today, colour) << std::flush;
  }

  bool is_enough() const { return plan_.count && uptime_.runs() >= *plan_.count; }

  std::vector<ProbeJob> jobs_;  // one
  probes::ProbeOptions options_;
  const ProbeWatchPlan& plan_;
  Invocation& invocation_;
  KnownEras eras_;
  Uptime uptime_;
  ExitCode code_ = ExitCode::ok;
};

}  // namespace

ExitCode worse_of(ExitCode left, ExitCode right) {
  static constexpr std::array by_weight = {
      ExitCode::ok,           ExitCode::warnings,   ExitCode::findings, ExitCode::auth,
      ExitCode::session_lost, ExitCode::protocol,   ExitCode::timeout,  ExitCode::unreachable,
      ExitCode::usage,        ExitCode::interrupted};
  return std::ranges::find(by_weight, left) < std::ranges::find(by_weight, right) ? right : left;
}

mcp::TimePoint next_beat(mcp::TimePoint start, mcp::Duration interval, mcp::TimePoint now) {
  return start + ((now - start) / interval + 1) * interval;
}

mcp::Result<ExitCode> watch_target(ProbeJob job, probes::ProbeOptions options,
                                   const ProbeWatchPlan& plan, Invocation& invocation) {
  if (!job.target) return std::unexpected(job.target.error());
  return TargetWatch(std::move(job), std::move(options), plan, invocation).run();
}

}  // namespace cli
