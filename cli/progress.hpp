#pragma once

#include "cli/command.hpp"
#include "mcp/wire/message.hpp"

namespace cli {

/// Shows notifications/progress on stderr: one line that is written over on a terminal, lines with
/// -v elsewhere, nothing with -q.
class ProgressLine {
 public:
  explicit ProgressLine(const Invocation& invocation) : invocation_(invocation) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const mcp::Notification& notification);
  void clear();

 private:
  const Invocation& invocation_;
  bool shown_ = false;
};

}  // namespace cli
