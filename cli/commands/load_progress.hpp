#pragma once

#include <optional>

#include "cli/command.hpp"
#include "scenarios/driver.hpp"

namespace cli {

/// Tells on stderr how far a run is: a line every few seconds, nothing with -q.
class LoadProgress {
 public:
  /// `length` is Duration::max() where scripts end by themselves.
  LoadProgress(const Invocation& invocation, mcp::TimePoint start, mcp::Duration length);

  void tell(mcp::TimePoint now, const scenarios::LiveFigures& figures);

 private:
  World& world_;
  bool quiet_;
  mcp::TimePoint start_;
  mcp::Duration length_;
  mcp::TimePoint told_;
  scenarios::LiveFigures before_;
};

}  // namespace cli
