#include <doctest/doctest.h>

#include "tests/unit/transport/stdio_rig.hpp"

using namespace mcp;

TEST_CASE("stdio: opening starts the child and is told in the next turn") {
  StdioRig rig;
  rig.transport().open(TimePoint::max(), [&](Result<void> outcome) { rig.opened = outcome; });
  CHECK_FALSE(rig.opened.has_value());
  rig.loop.settle();
  CHECK(rig.opened->has_value());
  CHECK(rig.children.last().options().argv == std::vector<std::string>{"server", "--flag"});
}

TEST_CASE("stdio: a command that cannot be started fails the opening") {
  StdioRig rig;
  rig.children.failure = Error{.kind = ErrorKind::connect, .message = "server: not found"};
  rig.transport().open(TimePoint::max(), [&](Result<void> outcome) { rig.opened = outcome; });
  rig.loop.settle();
  REQUIRE(rig.opened.has_value());
  CHECK(rig.opened->error().kind == ErrorKind::connect);
  CHECK(rig.opened->error().message == "server: not found");
  rig.transport().send(request(1, "ping"));
  rig.start_closing(1s);
  rig.loop.settle();
  CHECK(rig.closed->has_value());
}

TEST_CASE("stdio: a message is one line on stdin") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(1, "tools/list"));
  CHECK(child.written() == "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n");
}

TEST_CASE("stdio: each line on stdout is a message, cut anywhere, with LF or CRLF") {
  StdioRig rig;
  auto& child = rig.open();
  const auto bytes = result_text(1) + "\r\n" + result_text(2) + "\n\n";
  for (const char byte : bytes) child.put_stdout({&byte, 1});
  CHECK(rig.seen.lines == Lines{result_line(1), result_line(2)});
}

TEST_CASE("stdio: UTF-8 may be split across reads") {
  StdioRig rig;
  auto& child = rig.open();
  child.put_stdout("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"t\":\"\xe4");
  child.put_stdout("\xb8\xad\"}}\n");
  CHECK(rig.seen.lines ==
        Lines{"message {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"t\":\"\xe4\xb8\xad\"}}"});
}

TEST_CASE("stdio: log lines on stdout are skipped and counted, with one warning") {
  StdioRig rig;
  auto& child = rig.open();
  child.put_stdout("Server listening\x1b[0m\n");
  child.put_stdout("{\"level\":\"info\",\"msg\":\"ready\"}\n[1] done\n12\n");
  child.put_stdout(result_text(1) + "\n");
  CHECK(rig.seen.lines ==
        Lines{"warning stdout holds a line that is no MCP message, skipped like all that follow: "
              "\"Server listening\\x1b[0m\"",
              result_line(1)});
  CHECK(rig.transport().skipped_lines() == 4);
}

TEST_CASE("stdio: a malformed message with an id fails that request") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().send(request(1, "tools/list"));
  child.put_stdout("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{\"code\":1}}\n");
  REQUIRE(rig.seen.lines.size() == 1);
  CHECK(rig.seen.lines[0].starts_with("failed 1 [protocol] stdout: not a JSON-RPC message: \"{"));
}

TEST_CASE("stdio: a malformed message without an id ends the transport and is quoted") {
  for (const char* line : {R"({"jsonrpc":"2.0","result":{}})", R"({"jsonrpc":"2.0","id":1,"resu)",
                           R"({"jsonrpc":"1.0","method":"x"})"}) {
    CAPTURE(line);
    StdioRig rig;
    auto& child = rig.open();
    child.put_stdout(line + std::string("\n"));
    REQUIRE(rig.seen.lines.size() == 1);
    CHECK(rig.seen.lines[0].starts_with("closed [protocol] stdout: "));
    CHECK(rig.seen.lines[0].contains(line));
  }
}

TEST_CASE("stdio: a batch is taken in revision 2025-03-26 only") {
  StdioRig rig;
  auto& child = rig.open();
  rig.transport().set_revision(Revision::v2025_03_26);
  child.put_stdout("[" + result_text(1) + "," + result_text(2) + "]\n");
  CHECK(rig.seen.take() == Lines{result_line(1), result_line(2)});
  rig.transport().set_revision(Revision::v2025_06_18);
  child.put_stdout("[" + result_text(3) + "]\n");
  REQUIRE(rig.seen.lines.size() == 1);
  CHECK(rig.seen.lines[0].starts_with(
      "closed [protocol] stdout: an array, but only revision 2025-03-26 has batches: "));
}

TEST_CASE("stdio: a line longer than the limit ends the transport") {
  StdioRig rig;
  rig.endpoint.limits.message.bytes = 100;
  auto& child = rig.open();
  child.put_stdout(std::string(101, 'x'));
  REQUIRE(rig.seen.lines.size() == 1);
  CHECK(
      rig.seen.lines[0].starts_with("closed [limit] a line is longer than the limit of 100 bytes"));
  child.put_stdout("\n" + result_text(1) + "\n");
  CHECK(rig.seen.lines.size() == 1);
}

TEST_CASE("stdio: JSON that is nested too deep ends the transport") {
  StdioRig rig;
  auto& child = rig.open();
  child.put_stdout(R"({"jsonrpc":"2.0","id":1,"result":)" + std::string(100'000, '[') + "\n");
  CHECK(rig.seen.lines.size() == 1);
  CHECK(rig.seen.error.kind == ErrorKind::limit);
}

TEST_CASE("stdio: stderr is no message and tells nothing") {
  StdioRig rig;
  auto& child = rig.open();
  child.put_stderr(result_text(1) + "\n");
  CHECK(rig.seen.lines.empty());
}
