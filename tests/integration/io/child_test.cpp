#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

#include "mcp/io/child_process.hpp"
#include "tests/integration/io/turn_until.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

struct RecordedChild final : ChildObserver {
  void on_stdout(std::string_view bytes) override {
    out += bytes;
    if (when_stdout) when_stdout();
  }
  void on_stdout_closed() override {
    CHECK_FALSE(closed);
    closed = true;
  }
  void on_stderr(std::string_view bytes) override { err += bytes; }
  void on_exit(ChildExit how) override {
    CHECK_FALSE(exit);
    CHECK(closed);
    exit = how;
    if (when_exit) when_exit();
  }
  std::string out;
  std::string err;
  bool closed = false;
  std::optional<ChildExit> exit;
  std::function<void()> when_stdout;
  std::function<void()> when_exit;
};

struct ChildBench {
  std::unique_ptr<ChildProcess> start(const ChildOptions& options) {
    auto made = spawner->spawn(options, seen);
    REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().message));
    return std::move(*made);
  }
  std::unique_ptr<ChildProcess> shell(std::string script) {
    return start({.argv = {"sh", "-c", std::move(script)}});
  }
  bool until_exit() {
    return turn_until(*loop, [&] { return seen.exit.has_value(); });
  }
  Error failure(const ChildOptions& options) {
    const auto made = spawner->spawn(options, seen);
    REQUIRE_FALSE(made.has_value());
    return made.error();
  }
  RecordedChild seen;
  std::unique_ptr<Loop> loop = make_loop();
  std::unique_ptr<ChildSpawner> spawner = make_child_spawner(*loop);
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

bool is_gone(int pid) {
  return ::kill(pid, 0) != 0 && errno == ESRCH;
}

/// A grandchild is reaped by init, whenever that gets to it: a zombie counts as gone.
bool is_dead(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  return line.empty() || contains(line, ") Z ") || contains(line, ") X ");
}

}  // namespace

TEST_CASE("child: stdin, stdout and stderr are pipes of their own, the status is told last") {
  ChildBench bench;
  const auto child = bench.shell("read line; echo \"out $line\"; echo err >&2; exit 3");
  child->write("hello\n");
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out == "out hello\n");
  CHECK(bench.seen.err == "err\n");
  CHECK(bench.seen.exit->describe() == "exit status 3");
}

TEST_CASE("child: nothing is told from inside spawn or write") {
  ChildBench bench;
  const auto child = bench.shell("exit 0");
  ::usleep(50'000);
  child->write("too late\n");
  CHECK_FALSE(bench.seen.closed);
  REQUIRE(bench.until_exit());
}

TEST_CASE("child: all of a large output comes before the exit") {
  ChildBench bench;
  const auto child = bench.shell("head -c 3000000 /dev/zero; exit 7");
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out.size() == 3'000'000);
  CHECK(bench.seen.exit->status == 7);
}

TEST_CASE("child: more than a pipe holds is written as the child reads") {
  ChildBench bench;
  const auto child = bench.shell("sleep 0.05; wc -c");
  child->write(std::string(2'000'000, 'a'));
  child->write(std::string(1'000'000, 'b'));
  child->close_stdin();
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out == "3000000\n");
}

TEST_CASE("child: closing stdin ends a child that reads to the end") {
  ChildBench bench;
  const auto child = bench.start({.argv = {"cat"}});
  child->write("a");
  child->close_stdin();
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out == "a");
  CHECK(bench.seen.exit->status == 0);
}

TEST_CASE("child: writing to one that does not read any more harms nobody") {
  ChildBench bench;
  const auto child = bench.shell("exec <&-; echo closed; sleep 0.1");
  REQUIRE(turn_until(*bench.loop, [&] { return bench.seen.out == "closed\n"; }));
  child->write("x");
  child->write("y");
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.exit->status == 0);
}

TEST_CASE("child: a signal reaches it, and how it ended is told") {
  ChildBench bench;
  const auto child = bench.start({.argv = {"sleep", "100"}});
  child->send_signal(SIGTERM);
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.exit->describe() == "killed by SIGTERM");
}

TEST_CASE("child: the environment is the caller's with additions") {
  ChildBench bench;
  const auto child = bench.start({.argv = {"sh", "-c", "echo $MCP_TEST; echo ${PATH:+path}"},
                                  .environment = {{"MCP_TEST", "a=b c"}}});
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out == "a=b c\npath\n");
}

TEST_CASE("child: it runs in the given directory") {
  ChildBench bench;
  const auto child = bench.start({.argv = {"pwd"}, .directory = "/proc"});
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out == "/proc\n");
}

TEST_CASE("child: a command that does not exist is told with its name and a hint") {
  ChildBench bench;
  const auto error = bench.failure({.argv = {"mcpctl-no-such-command"}});
  CHECK(error.kind == ErrorKind::connect);
  CHECK(error.message == "cannot start \"mcpctl-no-such-command\": no such command");
  CHECK(error.hint == "is it installed and in PATH?");
}

TEST_CASE("child: why exec failed is told in the system's words") {
  ChildBench bench;
  CHECK(bench.failure({.argv = {"/etc/passwd"}}).message ==
        "cannot start \"/etc/passwd\": Permission denied");
  CHECK(bench.failure({.argv = {"./nothing/here"}}).message ==
        "cannot start \"./nothing/here\": No such file or directory");
  CHECK(bench.failure({.argv = {"true"}, .directory = "/no/such"}).message ==
        "cannot start \"true\": directory \"/no/such\": No such file or directory");
  CHECK(bench.failure({}).kind == ErrorKind::usage);
}

TEST_CASE("child: PATH of the given environment counts") {
  const auto directory =
      std::filesystem::temp_directory_path() / ("mcpctl-path-" + std::to_string(::getpid()));
  std::filesystem::create_directory(directory);
  const auto program = directory / "only-here";
  std::ofstream(program) << "#!/bin/sh\necho found\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  {
    ChildBench bench;
    const auto child =
        bench.start({.argv = {"only-here"}, .environment = {{"PATH", directory.string()}}});
    CHECK(bench.until_exit());
    CHECK(bench.seen.out == "found\n");
  }
  std::filesystem::remove_all(directory);
}

TEST_CASE("child: destroying it kills and reaps it, also when it ignores SIGTERM") {
  ChildBench bench;
  auto child = bench.shell("trap '' TERM; echo up; while :; do sleep 1; done");
  REQUIRE(turn_until(*bench.loop, [&] { return bench.seen.out == "up\n"; }));
  const int pid = child->pid();
  child->send_signal(SIGTERM);
  child.reset();
  CHECK(is_gone(pid));
  CHECK_FALSE(bench.seen.exit);
}

TEST_CASE("child: what it started dies with it, when it is destroyed and when it exits by itself") {
  ChildBench bench;
  auto child = bench.shell("sleep 300 >/dev/null 2>&1 & echo $!; read line");
  REQUIRE(turn_until(*bench.loop, [&] { return bench.seen.out.ends_with('\n'); }));
  const int grandchild = std::stoi(bench.seen.out);
  CHECK_FALSE(is_dead(grandchild));
  SUBCASE("destroyed") {
    child.reset();
  }
  SUBCASE("exited") {
    child->close_stdin();
    REQUIRE(bench.until_exit());
  }
  CHECK(turn_until(*bench.loop, [&] {
    bench.loop->turn(bench.loop->now() + 5ms);
    return is_dead(grandchild);
  }));
}

TEST_CASE("child: a grandchild that keeps stdout open delays the exit for a moment only") {
  ChildBench bench;
  const auto start = Clock::now();
  const auto child = bench.shell("sleep 300 & echo bye; exit 4");
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out == "bye\n");
  CHECK(bench.seen.exit->status == 4);
  CHECK(Clock::now() - start < 1s);
}

TEST_CASE("child: it may be destroyed from inside any of its callbacks") {
  ChildBench bench;
  std::unique_ptr<ChildProcess> child;
  bool destroyed = false;
  const auto destroy = [&] {
    child.reset();
    destroyed = true;
  };
  SUBCASE("output") {
    bench.seen.when_stdout = destroy;
    child = bench.shell("echo x; sleep 100");
  }
  SUBCASE("exit") {
    bench.seen.when_exit = destroy;
    child = bench.shell("echo x");
  }
  SUBCASE("output that was left at the exit") {
    bench.seen.when_stdout = destroy;
    child = bench.shell("echo x; sleep 300 &");
    ::usleep(100'000);
  }
  REQUIRE(turn_until(*bench.loop, [&] { return destroyed; }));
  bench.loop->turn(bench.loop->now() + 20ms);
  CHECK(child == nullptr);
}

TEST_CASE("child: it begins with default signals, none blocked, in a group of its own") {
  ChildBench bench;
  sigset_t term;
  sigset_t before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, &before);
  const auto old = ::signal(SIGUSR1, SIG_IGN);
  const auto child = bench.shell("grep -E 'SigBlk|SigIgn' /proc/self/status; ps -o pgid= -p $$");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGUSR1, old);
  REQUIRE(bench.until_exit());
  CHECK(contains(bench.seen.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"));
  CHECK(contains(bench.seen.out, std::to_string(child->pid())));
}

TEST_CASE("child: no descriptor of ours but the three leaks into it") {
  ChildBench bench;
  const int leaking = ::dup(0);
  const auto child = bench.shell("ls /proc/$$/fd");
  ::close(leaking);
  REQUIRE(bench.until_exit());
  CHECK(bench.seen.out == "0\n1\n2\n");
}

TEST_CASE("child: it dies with the process that started it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t starter = ::fork();
  if (starter == 0) {
    RecordedChild seen;
    const auto loop = make_loop();
    const auto spawner = make_child_spawner(*loop);
    const auto child = spawner->spawn({.argv = {"sleep", "300"}}, seen);
    const int pid = child ? (*child)->pid() : 0;
    (void)!::write(ends[1], &pid, sizeof pid);
    ::pause();
  }
  int child = 0;
  CHECK(::read(ends[0], &child, sizeof child) == sizeof child);
  ::kill(starter, SIGKILL);
  ::waitpid(starter, nullptr, 0);
  for (const int end : ends) ::close(end);
  REQUIRE(child > 0);
  const auto loop = make_loop();
  CHECK(turn_until(*loop, [&] {
    loop->turn(loop->now() + 5ms);
    return is_dead(child);
  }));
}
