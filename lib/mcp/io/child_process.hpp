#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

struct ChildOptions {
  std::vector<std::string> argv;                                 // argv[0] is looked up in PATH
  std::vector<std::pair<std::string, std::string>> environment;  // added to the inherited one
  std::string directory;                                         // empty: the caller's
};

/// How a child ended, for people: "exit status 1", "killed by SIGSEGV".
struct ChildExit {
  int status = 0;
  int signal = 0;
  std::string describe() const;
};

class ChildObserver {
 public:
  virtual ~ChildObserver() = default;
  virtual void on_stdout(std::string_view bytes) = 0;
  virtual void on_stdout_closed() = 0;
  virtual void on_stderr(std::string_view bytes) = 0;
  /// Last call; the child has been reaped, and what it wrote before has been delivered.
  virtual void on_exit(ChildExit how) = 0;
};

/// A child with pipes on all three descriptors, in a process group of its own. Destroying it kills
/// the group and reaps the child, so neither a zombie nor an orphan is left; should this process
/// die first, the kernel ends the child.
class ChildProcess {
 public:
  virtual ~ChildProcess() = default;
  /// Queues bytes for stdin, without bound: callers send requests one at a time.
  virtual void write(std::string_view bytes) = 0;
  virtual void close_stdin() = 0;
  /// To the whole group.
  virtual void send_signal(int signal) = 0;
  virtual int pid() const = 0;
};

class ChildSpawner {
 public:
  virtual ~ChildSpawner() = default;
  /// A command that cannot be started is kind connect and names it.
  virtual Result<std::unique_ptr<ChildProcess>> spawn(const ChildOptions& options,
                                                      ChildObserver& observer) = 0;
};

std::unique_ptr<ChildSpawner> make_child_spawner(Loop& loop);

}  // namespace mcp
