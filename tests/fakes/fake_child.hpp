#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/io/child_process.hpp"

namespace mcp {

/// One spawned child as the test sees it: it plays the process. Feeding reaches the observer at
/// once, and does nothing once the child's handle is gone or it has exited.
class FakeChild {
 public:
  FakeChild(ChildOptions options, ChildObserver& observer)
      : options_(std::move(options)), observer_(observer) {}

  const ChildOptions& options() const { return options_; }
  /// All bytes ever written to its stdin.
  const std::string& written() const { return written_; }
  /// The bytes written since the last call.
  std::string take_written();
  bool stdin_closed() const { return stdin_closed_; }
  const std::vector<int>& signals() const { return signals_; }
  bool destroyed() const { return destroyed_; }
  bool exited() const { return exited_; }

  void put_stdout(std::string_view bytes);
  void put_stderr(std::string_view bytes);
  void close_stdout();
  /// Closes stdout first where the test has not.
  void exit(ChildExit how = {});

 private:
  friend class FakeChildHandle;
  friend class FakeChildSpawner;
  bool over() const { return destroyed_ || exited_; }

  ChildOptions options_;
  ChildObserver& observer_;
  std::string written_;
  std::size_t taken_ = 0;
  std::vector<int> signals_;
  bool stdin_closed_ = false;
  bool stdout_closed_ = false;
  bool exited_ = false;
  bool destroyed_ = false;
};

/// What the code under test did to a child.
enum class ChildEvent { written, stdin_closed, signalled };

/// Records what is spawned; the test plays through `children`, or by `on_spawn` and `on_event`.
class FakeChildSpawner final : public ChildSpawner {
 public:
  explicit FakeChildSpawner(Loop& loop) : loop_(loop) {}

  Result<std::unique_ptr<ChildProcess>> spawn(const ChildOptions& options,
                                              ChildObserver& observer) override;

  FakeChild& last() { return *children.back(); }

  /// All that were ever spawned, in order. Shared with the handles that the code under test holds.
  std::vector<std::shared_ptr<FakeChild>> children;
  /// When set, the next spawn fails with it.
  std::optional<Error> failure;
  /// When set, called in the next turn of the loop after a spawn, and after each event.
  std::function<void(FakeChild&)> on_spawn;
  std::function<void(FakeChild&, ChildEvent)> on_event;

 private:
  friend class FakeChildHandle;
  Loop& loop_;
};

}  // namespace mcp
