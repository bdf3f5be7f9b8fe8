#include "cli/commands/load_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "cli/render/load/live.hpp"

namespace cli {
namespace {

constexpr std::chrono::seconds line_every{5};
constexpr std::chrono::milliseconds draw_every{200};
constexpr std::chrono::milliseconds latencies_every{500};

}  // namespace

LoadProgress::LoadProgress(const Invocation& invocation, const LoadPlan& plan, mcp::TimePoint start)
    : world_(invocation.world),
      plan_(plan),
      start_(start),
      shows_(Shows::nothing),
      told_(start),
      screen_(invocation.world.err) {
  if (invocation.verbosity == Verbosity::quiet) return;
  // What -v writes would stand in the middle of the screen.
  const bool draws = world_.can_redraw_err() && invocation.verbosity == Verbosity::normal;
  shows_ = draws ? Shows::screen : Shows::lines;
  if (draws) told_ = mcp::TimePoint();
}

void LoadProgress::tell(mcp::TimePoint now, const scenarios::Driver& driver) {
  if (shows_ == Shows::lines && now - told_ >= line_every) tell_line(now, driver.figures());
  if (shows_ == Shows::screen && now - told_ >= draw_every) draw(now, driver);
}

void LoadProgress::tell_line(mcp::TimePoint now, const scenarios::LiveFigures& figures) {
  const double seconds = std::chrono::duration<double>(now - told_).count();
  const double rate = static_cast<double>(figures.requests - before_.requests) / seconds;
  const auto so_far = std::chrono::floor<std::chrono::seconds>(now - start_);
  std::string line = fmt::format("mcpctl: {}", mcp::format_duration(so_far));
  if (plan_.length != mcp::Duration::max()) line += " of " + mcp::format_duration(plan_.length);
  line += fmt::format(": {} requests ({:.1f}/s), {} failed, {} sessions", figures.requests, rate,
                      figures.failed, figures.sessions);
  if (figures.sessions_lost != 0) line += fmt::format(", {} lost", figures.sessions_lost);
  world_.err << line + "\n" << std::flush;
  told_ = now;
  before_ = figures;
}

void LoadProgress::draw(mcp::TimePoint now, const scenarios::Driver& driver) {
  told_ = now;
  const auto so_far = now - start_;
  history_.add(so_far, driver.figures());
  if (now - latencies_read_ >= latencies_every) {
    latencies_read_ = now;
    history_.add(so_far, driver.latencies());
  }
  LiveView view{.scenario = plan_.scenario.name,
                .target = plan_.target.endpoint.name,
                .phase = phase(so_far),
                .so_far = so_far,
                .history = history_};
  if (plan_.length != mcp::Duration::max()) view.length = plan_.length;
  // Asked for each time: the window may have become another size since.
  const auto window = world_.err_size ? world_.err_size() : std::nullopt;
  const auto size = window.value_or(TerminalSize{.columns = world_.width});
  screen_.draw(render_live(view, size, world_.colour_on_err() ? Colour::ansi : Colour::none), size);
}

std::string LoadProgress::phase(mcp::Duration so_far) const {
  if (stopped_) return "draining: interrupted";
  if (so_far >= plan_.length) return "draining: the last answers";
  const auto& phases = plan_.scenario.phases;
  auto begins = plan_.phases_start;
  if (!phases.empty() && so_far < begins) return "agents arrive";
  for (std::size_t at = 0; at < phases.size(); ++at) {
    begins += phases[at].length;
    if (so_far >= begins) continue;
    const auto name =
        phases[at].name.empty() ? std::string(to_string(phases[at].kind)) : phases[at].name;
    return phases.size() == 1 ? name : fmt::format("{} ({} of {})", name, at + 1, phases.size());
  }
  return {};
}

void LoadProgress::say(std::string_view line) {
  if (shows_ == Shows::nothing) return;
  screen_.clear();
  world_.err << fmt::format("{}\n", line) << std::flush;
}

}  // namespace cli
