#include <doctest/doctest.h>

#include "cli/command.hpp"
#include "tests/unit/cli/fake_world.hpp"

namespace {

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(std::vector<std::string> arguments) {
  FakeWorld fake;
  const int status = fake.run(std::move(arguments));
  return {status, fake.out.str(), fake.err.str()};
}

}  // namespace

TEST_CASE("program: without words it prints its help on stderr and exits 2") {
  const auto outcome = run({});
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.starts_with("mcpctl: "));
}

TEST_CASE("program: help is data, so it goes to stdout") {
  for (const auto& words : {std::vector<std::string>{"--help"}, {"-h"}, {"help"}}) {
    const auto outcome = run(words);
    CHECK(outcome.status == 0);
    CHECK(outcome.out.find("Usage: mcpctl COMMAND") != std::string::npos);
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("program: every command has help with usage, examples and exit codes") {
  for (const cli::Command& command : cli::commands()) {
    CAPTURE(command.name);
    const auto outcome = run({std::string(command.name), "--help"});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.starts_with("mcpctl " + std::string(command.name) + ": "));
    for (const char* part : {"\nUsage: mcpctl ", "\nExamples:\n  ", "\nExit codes:\n  "}) {
      CHECK(outcome.out.find(part) != std::string::npos);
    }
    CHECK(outcome.out == run({"help", std::string(command.name)}).out);
  }
}

TEST_CASE("program: help wins over mistakes on the same line") {
  CHECK(run({"info", "--nonsense", "--help"}).status == 0);
}

TEST_CASE("program: a misspelt command or option gets a suggestion") {
  const auto command = run({"lits"});
  CHECK(command.status == 2);
  CHECK(command.err == "mcpctl: lits: unknown command\n  did you mean 'mcpctl list'?\n");
  const auto option = run({"info", "http://x", "--timout", "5s"});
  CHECK(option.status == 2);
  CHECK(option.err == "mcpctl: --timout: unknown option\n  did you mean --timeout?\n");
}

TEST_CASE("program: a target or option in place of the command is told what comes first") {
  CHECK(run({"http://x"}).err ==
        "mcpctl: http://x: unknown command\n  a command comes first: mcpctl info http://x\n");
  CHECK(run({"-k", "info"}).err.find("options come after the command") != std::string::npos);
}

TEST_CASE("program: an option without its value, or with a wrong one, is named") {
  CHECK(run({"info", "--timeout"}).err == "mcpctl: --timeout: needs a value\n");
  CHECK(run({"listen", "http://x", "--count", "many"}).err ==
        "mcpctl: --count: cannot read \"many\"\n");
  CHECK(run({"info", "--timeout", "1s", "--timeout", "2s", "http://x"}).err ==
        "mcpctl: --timeout: given more than once\n");
}

TEST_CASE("program: what is missing or too much is told before anything is connected") {
  CHECK(run({"info"}).err ==
        "mcpctl: no target given\n  a target is a URL, @NAME from mcp.json, or -- COMMAND ARGS\n");
  CHECK(run({"info", "http://x", "more"}).err.starts_with("mcpctl: more: is one word too many\n"));
  CHECK(run({"call", "http://x"}).err.starts_with("mcpctl: the TOOL is missing\n"));
  CHECK(run({"list", "tols", "http://x"}).err ==
        "mcpctl: tols: cannot be listed\n  did you mean tools?\n");
  CHECK(run({"info", "--"}).err.find("no target given") != std::string::npos);
}

TEST_CASE("program: words in brackets reach the command whole") {
  CHECK(run({"read", "http://x", "[a,b]", "[c]"})
            .err.starts_with("mcpctl: [c]: is one word too many\n"));
}

TEST_CASE("program: usage errors have the number of the style on the line") {
  CHECK(run({"info", "--exit-style", "nagios"}).status == 3);
  CHECK(run({"info", "--exit-style=grpc", "--nonsense"}).status == 1);
  CHECK(run({"info", "--exit-style", "odd"}).status == 2);
  CHECK(run({"info", "x", "--", "--exit-style=grpc"}).status == 2);
}

TEST_CASE("program: version names the revisions that it speaks") {
  for (const char* word : {"version", "--version", "-V"}) {
    const auto outcome = run({word});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.starts_with("mcpctl "));
    CHECK(outcome.out.find("2026-07-28") != std::string::npos);
  }
}

TEST_CASE("program: text from the command line is made safe before it is shown") {
  CHECK(run({"\x1b[31m"}).err.starts_with("mcpctl: \\x1b[31m: unknown command"));
  CHECK(run({"info", "\x1b[31m"}).err.starts_with("mcpctl: \\x1b[31m: is not a target"));
}

TEST_CASE("program: errors are coloured on a terminal only, and never with NO_COLOR") {
  FakeWorld fake;
  fake.world.err_is_terminal = true;
  fake.run({"lits"});
  CHECK(fake.err.str().starts_with("\x1b[1;31mmcpctl:\x1b[0m lits"));
  fake.err.str("");
  fake.variables["NO_COLOR"] = "1";
  fake.run({"lits"});
  CHECK(fake.err.str().starts_with("mcpctl: lits"));
}
