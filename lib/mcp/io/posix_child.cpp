#include <sys/wait.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <memory>
#include <utility>

#include "mcp/io/spawn.hpp"

namespace mcp {
namespace {

using namespace std::chrono_literals;

/// How long a grandchild may hold stdout or stderr open after the child has exited.
constexpr auto output_grace = 200ms;

/// How often to look for the exit where there are no pidfds: old kernels, strict sandboxes.
constexpr auto exit_poll = 20ms;
/// What a killed group can leave in a pipe, several times over; a daemon that has left the group
/// may write for ever.
constexpr int last_reads = 64;

/// A write to a pipe without a reader would kill this process. Blocked for the write alone, since
/// the disposition belongs to the whole program, and a program in a pipeline wants to die of it.
ssize_t write_without_sigpipe(int descriptor, std::string_view bytes) {
  sigset_t pipe_signal;
  sigset_t before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  const auto count = ::write(descriptor, bytes.data(), bytes.size());
  const int error = errno;
  if (count < 0 && error == EPIPE && sigismember(&before, SIGPIPE) == 0) {
    const timespec at_once{};
    sigtimedwait(&pipe_signal, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return count;
}

/// Readable when the process has ended; -1 where there are none.
int open_pidfd([[maybe_unused]] int pid) {
#if defined(SYS_pidfd_open)
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
#else
  return -1;
#endif
}

/// One end of the child's output: reads what comes and notices its end.
struct Output {
  Descriptor pipe;
  std::unique_ptr<Handle> watch;
  void close() {
    watch.reset();
    pipe.reset();
  }
};

class PosixChild final : public ChildProcess {
 public:
  PosixChild(Loop& loop, ChildObserver& observer, Spawned spawned);
  ~PosixChild() override;

  void write(std::string_view bytes) override;
  void close_stdin() override;
  void send_signal(int signal) override {
    // Until it is reaped its number, and so its group's, cannot be another's.
    if (!reaped_) ::killpg(pid_, signal);
  }
  int pid() const override { return pid_; }

 private:
  enum class ReadStep { data, nothing, closed };

  void watch_output(Output& output);
  ReadStep read_once(Output& output);
  void tell_closed(Output& output);
  void drain(Output& output);
  void flush();
  void close_input();
  void poll_exit();
  void leader_exited();
  void finish_when_drained();
  void finish();
  ChildExit reap();

  Loop& loop_;
  ChildObserver& observer_;
  int pid_;
  bool reaped_ = false;
  Descriptor input_;
  std::unique_ptr<Handle> input_watch_;
  std::string queue_;
  std::size_t written_ = 0;  // of the queue
  bool close_after_queue_ = false;
  Output stdout_;
  Output stderr_;
  Descriptor exit_descriptor_;
  std::unique_ptr<Handle> exit_watch_;
  std::unique_ptr<Handle> grace_;
  bool exited_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // observers may destroy the child
};

PosixChild::PosixChild(Loop& loop, ChildObserver& observer, Spawned spawned)
    : loop_(loop),
      observer_(observer),
      pid_(spawned.pid),
      input_(std::move(spawned.standard_input)),
      stdout_{.pipe = std::move(spawned.standard_output)},
      stderr_{.pipe = std::move(spawned.standard_error)},
      exit_descriptor_(open_pidfd(spawned.pid)) {
  watch_output(stdout_);
  watch_output(stderr_);
  if (exit_descriptor_) {
    exit_watch_ =
        loop_.watch(exit_descriptor_.get(), Interest::read, [this](Readiness) { leader_exited(); });
  } else {
    poll_exit();
  }
}

void PosixChild::poll_exit() {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
      info.si_pid == pid_) {
    leader_exited();
    return;
  }
  exit_watch_ = loop_.start_timer(loop_.now() + exit_poll, [this] { poll_exit(); });
}

PosixChild::~PosixChild() {
  if (reaped_) return;
  ::killpg(pid_, SIGKILL);
  reap();
}

void PosixChild::watch_output(Output& output) {
  output.watch = loop_.watch(output.pipe.get(), Interest::read, [this, &output](Readiness) {
    const std::weak_ptr<bool> alive = alive_;
    if (read_once(output) == ReadStep::closed && !alive.expired()) tell_closed(output);
    if (!alive.expired()) finish_when_drained();
  });
}

PosixChild::ReadStep PosixChild::read_once(Output& output) {
  std::array<char, 65536> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
  const auto count = ::read(output.pipe.get(), block.data(), block.size());
  if (count > 0) {
    const std::string_view bytes(block.data(), static_cast<std::size_t>(count));
    if (&output == &stdout_) {
      observer_.on_stdout(bytes);
    } else {
      observer_.on_stderr(bytes);
    }
    return ReadStep::data;
  }
  const bool again = count < 0 && (errno == EAGAIN || errno == EINTR);
  return again ? ReadStep::nothing : ReadStep::closed;
}

void PosixChild::tell_closed(Output& output) {
  output.close();
  if (&output == &stdout_) observer_.on_stdout_closed();
}

void PosixChild::write(std::string_view bytes) {
  if (!input_ || close_after_queue_) return;
  queue_.append(bytes);
  if (!input_watch_) flush();
}

void PosixChild::close_stdin() {
  close_after_queue_ = true;
  if (queue_.empty()) close_input();
}

void PosixChild::flush() {
  while (written_ < queue_.size()) {
    const auto left = std::string_view(queue_).substr(written_);
    const auto count = write_without_sigpipe(input_.get(), left);
    if (count > 0) {
      written_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      if (input_watch_) return;
      input_watch_ = loop_.watch(input_.get(), Interest::write, [this](Readiness) { flush(); });
      return;
    } else if (errno != EINTR) {
      close_input();  // its reader is gone; the child's exit tells the rest
      return;
    }
  }
  queue_.clear();
  written_ = 0;
  input_watch_.reset();
  if (close_after_queue_) close_input();
}

void PosixChild::close_input() {
  queue_.clear();
  input_watch_.reset();
  input_.reset();
}

void PosixChild::leader_exited() {
  exit_watch_.reset();
  exit_descriptor_.reset();
  exited_ = true;
  grace_ = loop_.start_timer(loop_.now() + output_grace, [this] { finish(); });
  finish_when_drained();
}

void PosixChild::finish_when_drained() {
  if (exited_ && !reaped_ && !stdout_.pipe && !stderr_.pipe) finish();
}

void PosixChild::drain(Output& output) {
  const std::weak_ptr<bool> alive = alive_;
  for (int reads = 0; reads < last_reads && output.pipe; ++reads) {
    const auto step = read_once(output);
    if (alive.expired()) return;
    if (step != ReadStep::data) break;
  }
  if (output.pipe) tell_closed(output);
}

void PosixChild::finish() {
  grace_.reset();
  // What is left of the group would be orphans that hold our pipes.
  ::killpg(pid_, SIGKILL);
  const auto how = reap();
  close_input();
  const std::weak_ptr<bool> alive = alive_;
  drain(stderr_);
  if (!alive.expired()) drain(stdout_);
  if (!alive.expired()) observer_.on_exit(how);
}

ChildExit PosixChild::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  // Where we are the one who inherits orphans (process 1 of a container), the rest of the group,
  // killed before, is ours to reap too; elsewhere there is nothing to wait for.
  while (::waitpid(-pid_, nullptr, 0) > 0 || errno == EINTR) {
  }
  reaped_ = true;
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.status = WEXITSTATUS(status)};
}

class PosixChildSpawner final : public ChildSpawner {
 public:
  explicit PosixChildSpawner(Loop& loop) : loop_(loop) {}

  Result<std::unique_ptr<ChildProcess>> spawn(const ChildOptions& options,
                                              ChildObserver& observer) override {
    auto spawned = spawn_child(options);
    if (!spawned) return std::unexpected(std::move(spawned.error()));
    return std::make_unique<PosixChild>(loop_, observer, std::move(*spawned));
  }

 private:
  Loop& loop_;
};

}  // namespace

std::unique_ptr<ChildSpawner> make_child_spawner(Loop& loop) {
  return std::make_unique<PosixChildSpawner>(loop);
}

}  // namespace mcp
