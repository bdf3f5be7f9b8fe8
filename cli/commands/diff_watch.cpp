#include "cli/commands/diff_watch.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <ostream>

#include "mcp/io/loop.hpp"
#include "mcp/io/signals.hpp"

namespace cli {
namespace {

/// Whether the time went by without a signal.
bool pause_for(mcp::Duration interval) {
  const auto loop = mcp::make_loop();
  bool interrupted = false;
  const auto signals =
      mcp::watch_signals(*loop, {SIGINT, SIGTERM}, [&](int) { interrupted = true; });
  const auto until = loop->now() + interval;
  while (!interrupted && loop->now() < until) loop->turn(until);
  return !interrupted;
}

std::string time_now() {
  const auto now = std::chrono::system_clock::now();
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
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
  for (std::size_t done = 1;; ++done) {
    const auto goes_on = watched.take(read());
    if (!goes_on) return std::unexpected(goes_on.error());
    if (!*goes_on || (plan.rounds && done >= *plan.rounds) || !pause_for(plan.interval)) break;
  }
  return watched.has_read() ? watched.code() : ExitCode::interrupted;
}

}  // namespace cli
