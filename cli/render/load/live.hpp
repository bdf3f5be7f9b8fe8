#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/render/format.hpp"
#include "cli/render/load/live_history.hpp"
#include "cli/world.hpp"
#include "mcp/base/time.hpp"

namespace cli {

/// What the live screen shows. Texts come from files and servers: they are made safe here.
struct LiveView {
  std::string scenario;
  std::string target;
  std::string phase;                    // "steady (2 of 3)", "draining", …
  mcp::Duration so_far{};               // from the start; negative before it
  std::optional<mcp::Duration> length;  // none: scripts end by themselves
  const LiveHistory& history;
};

/// At most a dozen lines without line ends, none wider than the window less one column, and fewer
/// of them than the window has rows: the least important ones are left out first.
std::vector<std::string> render_live(const LiveView& view, TerminalSize window, Colour colour);

}  // namespace cli
