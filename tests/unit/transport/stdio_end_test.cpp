#include <doctest/doctest.h>

#include <csignal>

#include "mcp/transport/stderr_tail.hpp"
#include "tests/unit/transport/stdio_rig.hpp"

using namespace mcp;

TEST_CASE("stdio: a child that dies before its first answer is told with its last stderr line") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(0, "initialize"));
  child.put_stderr("Traceback\n  File x\nModuleNot");
  child.put_stderr("FoundError: no \x1b[31mmodule\n\n");
  child.exit({.status = 1});
  CHECK(rig.seen.lines ==
        Lines{"closed [connect] the server process ended (exit status 1) before answering "
              "initialize; its last stderr line: \"ModuleNotFoundError: no \\x1b[31mmodule\""});
}

TEST_CASE("stdio: a child that dies later is a protocol error that names the open request") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(0, "initialize"));
  child.put_stdout(result_text(0) + "\n");
  rig.transport().send(request(1, "tools/list"));
  rig.transport().send(request(2, "tools/call"));
  rig.seen.take();
  child.exit({.signal = SIGSEGV});
  CHECK(rig.seen.lines ==
        Lines{"closed [protocol] the server process ended (killed by SIGSEGV) before answering "
              "tools/list"});
}

TEST_CASE("stdio: an abandoned request is not named") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(1, "tools/list"));
  rig.transport().abandon(std::int64_t{1});
  child.exit({});
  CHECK(rig.seen.lines == Lines{"closed [connect] the server process ended (exit status 0)"});
}

TEST_CASE("stdio: a last line without line feed is still a message") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(1, "tools/list"));
  child.put_stdout(result_text(1));
  child.exit({});
  CHECK(rig.seen.lines ==
        Lines{result_line(1), "closed [protocol] the server process ended (exit status 0)"});
}

TEST_CASE("stdio: a child that closes its stdout and lives on is given up after a moment") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(1, "tools/list"));
  child.close_stdout();
  rig.loop.advance(199ms);
  CHECK(rig.seen.lines.empty());
  rig.loop.advance(1ms);
  CHECK(rig.seen.lines ==
        Lines{"closed [connect] the server process closed its stdout before answering tools/list"});
  child.exit({});
  CHECK(rig.seen.lines.size() == 1);
}

TEST_CASE("stdio: closing closes stdin and waits for the child to end by itself") {
  StdioRig rig;
  auto& child = rig.open();
  rig.start_closing(10s);
  CHECK(child.stdin_closed());
  rig.loop.advance(300ms);
  CHECK_FALSE(rig.closed.has_value());
  child.exit({});
  CHECK(rig.closed->has_value());
  CHECK(child.signals().empty());
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("stdio: a child that ignores the end of stdin gets SIGTERM after the grace") {
  StdioRig rig;
  auto& child = rig.open();
  rig.start_closing(10s);
  rig.loop.advance(1999ms);
  CHECK(child.signals().empty());
  rig.loop.advance(1ms);
  CHECK(child.signals() == std::vector<int>{SIGTERM});
  child.exit({.signal = SIGTERM});
  CHECK(rig.closed->has_value());
  CHECK(
      rig.seen.lines ==
      Lines{"warning the server process did not end when its stdin was closed: SIGTERM was sent"});
}

TEST_CASE("stdio: a child that ignores SIGTERM gets SIGKILL after the grace") {
  StdioRig rig;
  auto& child = rig.open();
  rig.start_closing(10s);
  rig.loop.advance(4s);
  CHECK(child.signals() == std::vector<int>{SIGTERM, SIGKILL});
  child.exit({.signal = SIGKILL});
  CHECK(rig.closed->has_value());
}

TEST_CASE("stdio: a short deadline leaves room for each step") {
  StdioRig rig;
  auto& child = rig.open();
  rig.start_closing(500ms);
  rig.loop.advance(250ms);
  CHECK(child.signals() == std::vector<int>{SIGTERM});
  rig.loop.advance(250ms);
  CHECK(child.signals() == std::vector<int>{SIGTERM, SIGKILL});
}

TEST_CASE("stdio: a deadline that has passed means SIGKILL at once") {
  StdioRig rig;
  auto& child = rig.open();
  rig.start_closing(-1s);
  rig.loop.settle();
  CHECK(child.signals() == std::vector<int>{SIGTERM, SIGKILL});
}

TEST_CASE("stdio: a child that cannot be ended is told") {
  StdioRig rig;
  rig.open();
  rig.start_closing(1s);
  rig.loop.advance(1200ms);
  REQUIRE(rig.closed.has_value());
  REQUIRE_FALSE(rig.closed->has_value());
  CHECK(rig.closed->error().message.ends_with("did not end on SIGKILL"));
}

TEST_CASE("stdio: closing after the child has ended is done in the next turn") {
  StdioRig rig;
  auto& child = rig.open();
  child.exit({});
  rig.seen.take();
  rig.start_closing(1s);
  CHECK_FALSE(rig.closed.has_value());
  rig.loop.settle();
  CHECK(rig.closed->has_value());
}

TEST_CASE("stdio: answers that come while it closes are not told") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(1, "tools/list"));
  rig.start_closing(1s);
  child.put_stdout(result_text(1) + "\n");
  child.exit({});
  CHECK(rig.seen.lines.empty());
}

TEST_CASE("stderr tail: only the newest bytes are kept") {
  StderrTail tail(10);
  tail.append("0123456789abc\n");
  CHECK(tail.last_line() == "456789abc");
  tail.append("de\r\n\n");
  CHECK(tail.last_line() == "de");
  tail.append(std::string(1000, 'x'));
  CHECK(tail.last_line() == std::string(10, 'x'));
}

TEST_CASE("stderr tail: without a line there is none") {
  StderrTail tail(10);
  CHECK(tail.last_line().empty());
  tail.append("\n \n");
  CHECK(tail.last_line().empty());
}

TEST_CASE("stdio: a child that ends before its start was told is still told as started") {
  StdioRig rig;
  rig.transport().open(TimePoint::max(), [&](Result<void> outcome) { rig.opened = outcome; });
  rig.children.last().exit({.status = 1});
  rig.loop.settle();
  CHECK(rig.opened.has_value());
}
