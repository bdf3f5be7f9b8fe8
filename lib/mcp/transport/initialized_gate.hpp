#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "mcp/io/loop.hpp"
#include "mcp/session/session.hpp"

namespace mcp {

/// Keeps messages behind notifications/initialized until its POST was answered. Each message is a
/// POST of its own, and two on their way at once may arrive in either order; requests come after
/// the notification (2025-11-25 lifecycle, "Initialization"). It also saves a second connection.
class InitializedGate {
 public:
  using Forward = std::move_only_function<void(Outgoing)>;

  InitializedGate(Loop& loop, Forward forward) : loop_(loop), forward_(std::move(forward)) {}

  /// Forwards it now, or holds it back.
  void send(Outgoing outgoing);
  /// Runs it now, or when the gate opens, behind what is held back.
  void run(Task task);
  /// The POST of this message has ended.
  void ended(const Message& message);
  /// A request that is held back is not sent at all; false when it is not held back.
  bool drop(const RequestId& id);

 private:
  void open();

  Loop& loop_;
  Forward forward_;
  std::vector<Outgoing> held_;
  std::vector<Task> tasks_;
  /// Runs while the gate is shut, and bounds that: a server may never answer the notification.
  std::unique_ptr<Handle> timer_;
};

}  // namespace mcp
