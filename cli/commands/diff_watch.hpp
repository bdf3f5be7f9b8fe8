#pragma once

#include <functional>
#include <string>

#include "cli/command.hpp"
#include "cli/commands/diff_fleet_options.hpp"

namespace cli {

/// What one reading came to.
struct WatchRound {
  std::string state;  // equal for equal readings
  std::string what;   // what changed, for the line that tells the moment
  std::string text;   // for standard output
  ExitCode code = ExitCode::ok;
};

/// Calls `read` again and again, and prints a round whose state is not that of the one before; the
/// moment is told on stderr. A reading that fails later than the first one is a warning, since
/// servers restart in a roll-out. Ends at Ctrl-C or after the last round, with the worst code of
/// what was printed.
mcp::Result<ExitCode> watch(Invocation& invocation, const WatchPlan& plan,
                            const std::function<mcp::Result<WatchRound>()>& read);

}  // namespace cli
