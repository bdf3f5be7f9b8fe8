// measure COUNT COMMAND [ARGS…]: runs the command COUNT times with its output thrown away, and
// prints a line a run: wall time in microseconds, peak memory in KiB, exit status.
//
// A program of its own because Linux counts what the parent used before exec as the child's peak:
// measured from Python, nothing could be smaller than Python.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

[[noreturn]] void become(char** command) {
  const int sink = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (sink < 0) ::_exit(126);
  ::dup2(sink, STDOUT_FILENO);
  ::dup2(sink, STDERR_FILENO);
  ::execvp(command[0], command);
  ::_exit(127);
}

void run_once(char** command) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) become(command);
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  const auto wall = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::printf("%lld %ld %d\n", static_cast<long long>(wall.count()), usage.ru_maxrss, code);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: measure COUNT COMMAND [ARGS...]\n", stderr);
    return 2;
  }
  for (long left = std::strtol(argv[1], nullptr, 10); left > 0; --left) run_once(argv + 2);
  return 0;
}
