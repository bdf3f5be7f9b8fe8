#include "cli/commands/diff_watch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <ostream>

#include "cli/utc_time.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/io/signals.hpp"

namespace cli {
namespace {

/// The time between readings. Signals are taken from the first reading to the last: one that comes
/// while a report is printed must not kill the program.
class Pause {
 public:
  Pause()
      : loop_(mcp::make_loop()),
        signals_(
            mcp::watch_signals(*loop_, {SIGINT, SIGTERM}, [this](int) { interrupted_ = true; })) {}

  /// Whether the time went by without a signal.
  bool pass(mcp::Duration interval) {
    const auto until = loop_->now() + interval;
    do {
      loop_->turn(until);
    } while (!interrupted_ && loop_->now() < until);
    return !interrupted_;
  }

 private:
  std::unique_ptr<mcp::Loop> loop_;
  bool interrupted_ = false;
  std::unique_ptr<mcp::Handle> signals_;
};

std::string time_now() {
  return utc_time(std::chrono::system_clock::now());
}

class Watch {
 public:
  explicit Watch(Invocation& invocation) : invocation_(invocation) {}

  /// False: it was interrupted.
  mcp::Result<bool> take(mcp::Result<WatchRound> round) {
    if (!round && round.error().kind == mcp::ErrorKind::interrupted) return false;
    if (!round && !state_) return std::unexpected(round.error());
    if (!round) {
      print_warning(invocation_.world, fmt::format("{}: {}", time_now(), round.error().message));
      return true;
    }
    if (state_ == round->state) return true;
    if (state_ && invocation_.verbosity != Verbosity::quiet) {
      invocation_.world.err << fmt::format("mcpctl: {}: {}\n", time_now(), round->what);
    }
    invocation_.world.out << round->text << std::flush;
    state_ = std::move(round->state);
    if (round->code != ExitCode::ok) code_ = round->code;
    return true;
  }

  ExitCode code() const { return code_; }
  bool has_read() const { return state_.has_value(); }

 private:
  Invocation& invocation_;
  std::optional<std::string> state_;
  ExitCode code_ = ExitCode::ok;
};

}  // namespace

mcp::Result<ExitCode> watch(Invocation& invocation, const WatchPlan& plan,
                            const std::function<mcp::Result<WatchRound>()>& read) {
  Watch watched(invocation);
  Pause pause;
  for (std::size_t done = 1;; ++done) {
    const auto goes_on = watched.take(read());
    if (!goes_on) return std::unexpected(goes_on.error());
    if (!*goes_on || (plan.rounds && done >= *plan.rounds) || !pause.pass(plan.interval)) break;
  }
  return watched.has_read() ? watched.code() : ExitCode::interrupted;
}

}  // namespace cli
