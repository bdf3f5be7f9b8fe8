#include "cli/commands/load_progress.hpp"

#include <fmt/format.h>

#include <chrono>
#include <ostream>

namespace cli {
namespace {

constexpr std::chrono::seconds every{5};

}  // namespace

LoadProgress::LoadProgress(const Invocation& invocation, mcp::TimePoint start, mcp::Duration length)
    : world_(invocation.world),
      quiet_(invocation.verbosity == Verbosity::quiet),
      start_(start),
      length_(length),
      told_(start) {}

void LoadProgress::tell(mcp::TimePoint now, const scenarios::LiveFigures& figures) {
  if (quiet_ || now - told_ < every) return;
  const double seconds = std::chrono::duration<double>(now - told_).count();
  const double rate = static_cast<double>(figures.requests - before_.requests) / seconds;
  const auto so_far = std::chrono::floor<std::chrono::seconds>(now - start_);
  std::string line = fmt::format("mcpctl: {}", mcp::format_duration(so_far));
  if (length_ != mcp::Duration::max()) line += " of " + mcp::format_duration(length_);
  line += fmt::format(": {} requests ({:.1f}/s), {} failed, {} sessions", figures.requests, rate,
                      figures.failed, figures.sessions);
  if (figures.sessions_lost != 0) line += fmt::format(", {} lost", figures.sessions_lost);
  world_.err << line + "\n" << std::flush;
  told_ = now;
  before_ = figures;
}

}  // namespace cli
