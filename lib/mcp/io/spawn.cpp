#include "mcp/io/spawn.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>

#include "mcp/base/text.hpp"

extern char** environ;

namespace mcp {
namespace {

struct Pipe {
  Descriptor read;
  Descriptor write;
};

/// Numbers above 2 even when the caller runs with a standard descriptor closed: the child's are
/// put there one after the other.
Descriptor above_standard(int number) {
  if (number > 2) return Descriptor(number);
  const Descriptor low(number);
  return Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, 3));
}

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::connect,
                fmt::format("no pipe to a child can be made: {}",
                            std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  }
  return Pipe{.read = above_standard(ends[0]), .write = above_standard(ends[1])};
}

using Environment = std::map<std::string, std::string>;

Environment child_environment(const ChildOptions& options) {
  Environment variables;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  for (const auto& [name, value] : options.environment) variables[name] = value;
  return variables;
}

/// What the child needs between fork and exec, made before: there it must not allocate.
struct ExecPlan {
  ExecPlan(const ChildOptions& options, const Environment& variables, std::string file)
      : program(std::move(file)), directory(options.directory), arguments(options.argv) {
    for (const auto& [name, value] : variables)
      entries.push_back(fmt::format("{}={}", name, value));
    for (auto& text : arguments) argv.push_back(text.data());
    for (auto& text : entries) envp.push_back(text.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
  }
  std::string program;
  std::string directory;
  std::vector<std::string> arguments;
  std::vector<std::string> entries;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

enum class Step : int { directory, exec };
struct ChildFailure {
  Step step = Step::exec;
  int error = 0;
};

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void die_with_parent(pid_t parent) {
#if defined(__linux__)
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (::getppid() != parent) ::_exit(127);  // it died before that
}

void close_on_exec_above_standard() {
#if defined(SYS_close_range)
  constexpr unsigned close_range_cloexec = 4;
  ::syscall(SYS_close_range, 3U, ~0U, close_range_cloexec);
#endif
}

/// Runs in the child; only async-signal-safe calls.
[[noreturn]] void become(const ExecPlan& plan, const std::array<int, 3>& standard, int report,
                         pid_t parent) {
  ::setpgid(0, 0);
  die_with_parent(parent);
  for (int number = 0; number < 3; ++number)
    ::dup2(standard[static_cast<std::size_t>(number)], number);
  close_on_exec_above_standard();
  reset_signals();
  ChildFailure failure{.step = Step::directory};
  if (plan.directory.empty() || ::chdir(plan.directory.c_str()) == 0) {
    failure.step = Step::exec;
    ::execve(plan.program.c_str(), plan.argv.data(), plan.envp.data());
  }
  failure.error = errno;
  (void)!::write(report, &failure, sizeof failure);
  ::_exit(127);
}

Error cannot_start(const std::string& command, std::string_view why, std::string hint = {}) {
  return {.kind = ErrorKind::connect,
          .message = fmt::format("cannot start {}: {}", quoted(command), why),
          .hint = std::move(hint)};
}

Error describe(const ChildFailure& failure, const ChildOptions& options) {
  const std::string why = std::strerror(failure.error);  // NOLINT(concurrency-mt-unsafe)
  if (failure.step == Step::directory) {
    return cannot_start(options.argv[0],
                        fmt::format("directory {}: {}", quoted(options.directory), why));
  }
  switch (failure.error) {
    case ENOENT:
      return cannot_start(options.argv[0], why, "is it installed, and its interpreter too?");
    case EACCES:
      return cannot_start(options.argv[0], why, "is it executable?");
    case ENOEXEC:
      return cannot_start(options.argv[0], why, "a script needs a first line like #!/bin/sh");
    default:
      return cannot_start(options.argv[0], why);
  }
}

/// Waits until exec has closed its end, which is within milliseconds.
std::optional<ChildFailure> read_report(const Descriptor& report) {
  ChildFailure failure;
  ssize_t count = 0;
  do {
    count = ::read(report.get(), &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  if (count != sizeof failure) return std::nullopt;
  return failure;
}

void set_non_blocking(const Descriptor& descriptor) {
  ::fcntl(descriptor.get(), F_SETFL, ::fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
}

Result<Spawned> start(const ChildOptions& options, const ExecPlan& plan) {
  std::array<Pipe, 4> pipes;
  for (auto& pipe : pipes) {
    auto made = make_pipe();
    if (!made) return std::unexpected(std::move(made.error()));
    pipe = std::move(*made);
  }
  auto& [input, output, error, report] = pipes;
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(plan, {input.read.get(), output.write.get(), error.write.get()}, report.write.get(),
           parent);
  }
  if (pid < 0) {
    return std::unexpected(
        cannot_start(options.argv[0], std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  }
  report.write.reset();
  if (const auto failure = read_report(report.read)) {
    ::waitpid(pid, nullptr, 0);
    return std::unexpected(describe(*failure, options));
  }
  for (const auto* ours : {&input.write, &output.read, &error.read}) set_non_blocking(*ours);
  return Spawned{.pid = pid,
                 .standard_input = std::move(input.write),
                 .standard_output = std::move(output.read),
                 .standard_error = std::move(error.read)};
}

}  // namespace

std::string find_program(const std::string& name, const std::string& path) {
  if (name.find('/') != std::string::npos) return name;
  std::string found;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find(':', begin), path.size());
    const auto directory = path.substr(begin, end - begin);
    const auto file = (directory.empty() ? "." : directory) + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    if (found.empty() && ::access(file.c_str(), F_OK) == 0) found = file;
    begin = end + 1;
  }
  return found;
}

Result<Spawned> spawn_child(const ChildOptions& options) {
  if (options.argv.empty() || options.argv[0].empty()) {
    return fail(ErrorKind::usage, "no command to start was given");
  }
  const auto variables = child_environment(options);
  const auto path = variables.find("PATH");
  const auto program =
      find_program(options.argv[0], path == variables.end() ? "/usr/bin:/bin" : path->second);
  if (program.empty()) {
    return std::unexpected(
        cannot_start(options.argv[0], "no such command", "is it installed and in PATH?"));
  }
  return start(options, ExecPlan(options, variables, program));
}

}  // namespace mcp
