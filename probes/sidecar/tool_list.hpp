#pragma once

#include <functional>
#include <optional>

#include "mcp/client/pages.hpp"
#include "probes/sidecar/line.hpp"
#include "probes/sidecar/surface.hpp"

namespace probes::sidecar {

/// Reads all pages of tools/list, and keeps a digest of each tool only.
class ToolList {
 public:
  using Done = std::move_only_function<void(mcp::Result<ToolDigests>)>;

  /// The line outlives it, or lets go first.
  ToolList(Line& line, std::size_t max_pages);
  void start(mcp::TimePoint deadline, Done done);

 private:
  void ask();
  void answered(mcp::Result<mcp::Json> page);
  mcp::Result<void> take(const mcp::Json& page);

  Line& line_;
  mcp::Pages pages_;
  ToolDigests tools_;
  mcp::TimePoint deadline_;
  Done done_;
};

}  // namespace probes::sidecar
