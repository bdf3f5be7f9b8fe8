#pragma once

#include <optional>
#include <string_view>

#include "cli/command.hpp"
#include "cli/commands/load_plan.hpp"
#include "cli/redrawn_screen.hpp"
#include "cli/render/load/live_history.hpp"
#include "scenarios/driver.hpp"

namespace cli {

/// Tells on stderr how far a run is: a screen that is drawn over where that is a terminal, else a
/// line every few seconds; nothing with -q. The screen is gone when this is.
class LoadProgress {
 public:
  LoadProgress(const Invocation& invocation, const LoadPlan& plan, mcp::TimePoint start);

  /// Whether the driver must tell latencies for it.
  bool wants_latencies() const { return shows_ == Shows::screen; }
  void tell(mcp::TimePoint now, const scenarios::Driver& driver);
  /// The schedule was ended by hand.
  void stopped() { stopped_ = true; }
  /// A line that stays.
  void say(std::string_view line);

 private:
  enum class Shows : std::uint8_t { nothing, lines, screen };

  void tell_line(mcp::TimePoint now, const scenarios::LiveFigures& figures);
  void draw(mcp::TimePoint now, const scenarios::Driver& driver);
  std::string phase(mcp::Duration so_far) const;

  World& world_;
  const LoadPlan& plan_;
  mcp::TimePoint start_;
  Shows shows_;
  bool stopped_ = false;
  mcp::TimePoint told_;
  scenarios::LiveFigures before_;
  mcp::TimePoint latencies_read_;
  LiveHistory history_;
  RedrawnScreen screen_;
};

}  // namespace cli
