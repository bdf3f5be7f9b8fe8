#pragma once

#include <functional>
#include <memory>

#include "mcp/base/time.hpp"

namespace mcp {

using Task = std::move_only_function<void()>;

enum class Interest { read, write, read_write };
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool error = false;
};

/// A pending timer or a watched descriptor; destroying it ends it, and its callback is then never
/// called. It may be destroyed from inside its own callback.
class Handle {
 public:
  virtual ~Handle() = default;
};

/// One thread's event loop. `now()` is read once a turn. Callbacks run inside `turn` only.
class Loop {
 public:
  virtual ~Loop() = default;
  virtual TimePoint now() const = 0;
  /// Runs once at `when` or as soon after it as the loop turns; at once when it is past.
  virtual std::unique_ptr<Handle> start_timer(TimePoint when, Task task) = 0;
  /// Runs in the next turn, in the order of posting.
  virtual void post(Task task) = 0;
  /// Calls back each time the descriptor is ready, until the handle is destroyed. The descriptor
  /// stays the caller's.
  virtual std::unique_ptr<Handle> watch(int descriptor, Interest interest,
                                        std::move_only_function<void(Readiness)> callback) = 0;
  /// Waits until something ran, but not beyond `latest`.
  virtual void turn(TimePoint latest) = 0;
};

/// The loop on Boost.Asio.
std::unique_ptr<Loop> make_loop();

/// The loop of the load driver and of the sidecar: descriptors stay registered with the kernel
/// between callbacks, so that a request costs one call less, one that only waits takes half of the
/// memory, and timers wait with the precision of the kernel's clock. A descriptor may be watched
/// once at a time.
std::unique_ptr<Loop> make_lean_loop();

}  // namespace mcp
