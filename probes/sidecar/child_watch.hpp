#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "mcp/io/child_process.hpp"

namespace probes::sidecar {

/// Spawns children, and remembers the newest one's process id.
class ChildWatch final : public mcp::ChildSpawner {
 public:
  explicit ChildWatch(mcp::ChildSpawner* inner) : inner_(inner) {}

  mcp::Result<std::unique_ptr<mcp::ChildProcess>> spawn(const mcp::ChildOptions& options,
                                                        mcp::ChildObserver& observer) override;
  std::optional<int> pid() const { return pid_; }

 private:
  mcp::ChildSpawner* inner_;
  std::optional<int> pid_;
};

/// When a child that ended may be started again: after a second at first, then after twice the
/// pause each time, at most thirty seconds; one that ran for a minute starts from a second again.
class RestartPause {
 public:
  void started(mcp::TimePoint now) { started_ = now; }
  void ended(mcp::TimePoint now);
  /// Nothing: it may be started now.
  std::optional<mcp::TimePoint> until() const { return until_; }
  mcp::TimePoint started_at() const { return started_; }

 private:
  static constexpr mcp::Duration shortest = std::chrono::seconds(1);
  static constexpr mcp::Duration longest = std::chrono::seconds(30);
  static constexpr mcp::Duration steady = std::chrono::minutes(1);

  mcp::TimePoint started_;
  std::optional<mcp::TimePoint> until_;
  mcp::Duration pause_ = shortest;
};

}  // namespace probes::sidecar
