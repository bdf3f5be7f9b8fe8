#include "cli/settings.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "cli/options.hpp"
#include "cli/target.hpp"
#include "tests/unit/cli/fake_world.hpp"

using cli::Settings;
using cli::SettingsFrom;

namespace {

using Words = std::vector<std::string>;

/// A command's options, and a world to take them from.
struct Fixture {
  FakeWorld fake;
  CLI::App app;
  std::string interval = "10s";
  int every = 10;
  bool allow = false;
  std::string file;
  cli::TargetOptions target;

  Fixture() {
    app.set_help_flag();
    app.add_option("--interval", interval);
    app.add_option("--handshake-every", every);
    app.add_flag("--allow-protected", allow);
    cli::add_target_options(app, target, "5s");
    cli::add_settings_option(app, file);
  }

  mcp::Result<Settings> read(Words line) {
    std::ranges::reverse(line);
    app.parse(line);
    return Settings::apply(app, file, SettingsFrom::everywhere_with_target, fake.world);
  }
  std::string complaint(Words line) {
    const auto settings = read(std::move(line));
    return settings ? "none" : settings.error().message;
  }
};

}  // namespace

TEST_CASE("settings: the line wins over the environment, and the environment over the file") {
  Fixture with;
  const auto file = with.fake.file(
      "settings.yaml", "interval: 3s\nhandshake-every: 3\nallow-protected: true\ntimeout: 3s\n");
  with.fake.variables = {{"MCPCTL_INTERVAL", "2s"}, {"MCPCTL_HANDSHAKE_EVERY", "2"}};
  REQUIRE(with.read({"--settings", file, "--interval", "1s"}));
  CHECK(with.interval == "1s");
  CHECK(with.every == 2);
  CHECK(with.allow);
  CHECK(with.target.timeout == "3s");
}

TEST_CASE("settings: the file may be named by the environment") {
  Fixture with;
  with.fake.variables["MCPCTL_SETTINGS"] = with.fake.file("settings.yaml", "interval: 3s\n");
  REQUIRE(with.read({}));
  CHECK(with.interval == "3s");
}

TEST_CASE("settings: without any the defaults stay, and an empty variable is none") {
  Fixture with;
  with.fake.variables = {{"MCPCTL_INTERVAL", ""}};
  const auto settings = with.read({});
  REQUIRE(settings);
  CHECK(with.interval == "10s");
  CHECK_FALSE(settings->gave("interval"));
}

TEST_CASE("settings: an option that may stand several times has a line or an item for each") {
  Fixture with;
  with.fake.variables = {{"MCPCTL_HEADER", "X-A: 1\n  X-B: 2, 3\n"}};
  const auto file =
      with.fake.file("settings.yaml", "header: [X-C: 3]\nresolve:\n- a:1:2\n- b:1:2\n");
  CHECK(with.complaint({"--settings", file}) == file + ":1: header: a mapping in the list");
  const auto good = with.fake.file("good.yaml", "header: 'X-C: 3'\nresolve:\n- a:1:2\n- b:1:2\n");
  Fixture again;
  again.fake.variables = with.fake.variables;
  const auto settings = again.read({"--settings", good});
  REQUIRE(settings);
  CHECK(again.target.headers == Words{"X-A: 1", "X-B: 2, 3"});
  CHECK(again.target.resolve == Words{"a:1:2", "b:1:2"});
  CHECK(settings->gave("header"));
}

TEST_CASE("settings: flags are true or false") {
  for (const auto& [text, value] :
       {std::pair{"true", true}, {"1", true}, {"Yes", true}, {"false", false}, {"0", false}}) {
    Fixture with;
    with.fake.variables = {{"MCPCTL_ALLOW_PROTECTED", text}};
    REQUIRE(with.read({}));
    CHECK(with.allow == value);
  }
  Fixture with;
  with.fake.variables = {{"MCPCTL_ALLOW_PROTECTED", "perhaps"}};
  CHECK(with.complaint({}) == "MCPCTL_ALLOW_PROTECTED: \"perhaps\" is neither true nor false");
}

TEST_CASE("settings: a value that the parser cannot read is told with its source") {
  Fixture with;
  with.fake.variables = {{"MCPCTL_HANDSHAKE_EVERY", "often"}};
  CHECK(with.complaint({}) == "MCPCTL_HANDSHAKE_EVERY: cannot read \"often\"");
  Fixture other;
  const auto file = other.fake.file("s.yaml", "\nhandshake-every: often\n");
  CHECK(other.complaint({"--settings", file}) ==
        file + ":2: handshake-every: cannot read \"often\"");
}

TEST_CASE("settings: errors of the command name what set the option") {
  Fixture with;
  const auto file = with.fake.file("s.yaml", "\n\ntimeout: 5 parsecs\n");
  with.fake.variables = {{"MCPCTL_INTERVAL", "10 parsecs"}};
  const auto settings = with.read({"--settings", file});
  REQUIRE(settings);
  const auto told = [&](std::string message) {
    return settings->by_source({mcp::ErrorKind::usage, std::move(message), ""}).message;
  };
  CHECK(told("--interval: \"10 parsecs\" is not a duration") ==
        "MCPCTL_INTERVAL: \"10 parsecs\" is not a duration");
  CHECK(told("--timeout and --interval-x and --jitter") ==
        file + ":3: timeout and --interval-x and --jitter");
  CHECK(told("-- : a command is missing") == "-- : a command is missing");
}

TEST_CASE("settings: what is wrong with the file is told with its line") {
  for (const auto& [text, complaint] :
       {std::pair{"\n\nintervall: 3s\n", ":3: unknown key \"intervall\" (did you mean interval?)"},
        {"help: true\n", ":1: unknown key \"help\""},
        {"settings: other.yaml\n", ":1: unknown key \"settings\""},
        {"interval: [1s, 2s]\n", ":1: interval: a list where one value is expected"},
        {"interval:\n", ":1: interval: needs a value"},
        {"interval: 1s\ninterval: 2s\n", ":2: \"interval\" stands here a second time"},
        {"- interval\n", ":1: a list where options are expected"}}) {
    Fixture with;
    const auto file = with.fake.file("settings.yaml", text);
    const auto told = with.complaint({"--settings", file});
    CHECK(told.starts_with(file + complaint));
  }
  Fixture with;
  CHECK(with.complaint({"--settings", "/nowhere.yaml"}).starts_with("/nowhere.yaml: "));
}

TEST_CASE("settings: a target or a command comes from the first source that names either") {
  Fixture with;
  const auto file = with.fake.file("settings.yaml", "command: [node, server.js]\n");
  with.fake.variables = {{"MCPCTL_TARGET", "http://127.0.0.1:1/mcp"}};
  const auto settings = with.read({"--settings", file});
  REQUIRE(settings);
  CHECK(settings->target() == "http://127.0.0.1:1/mcp");
  CHECK(settings->command().empty());
  with.fake.variables.clear();
  CHECK(with.read({"--settings", file})->command() == Words{"node", "server.js"});
  with.fake.variables = {{"MCPCTL_TARGET", "x"}, {"MCPCTL_COMMAND", "y"}};
  CHECK(with.complaint({}) == "MCPCTL_TARGET and MCPCTL_COMMAND exclude each other");
}

TEST_CASE("settings: a variable that is nearly one of ours is told, and others are not") {
  Fixture with;
  with.fake.variables = {{"MCPCTL_INTERVALL", "3s"},
                         {"MCPCTL_PORT", "tcp://10.0.0.1:9808"},
                         {"MCPCTL_SERVICE_HOST", "10.0.0.1"},
                         {"INTERVALL", "3s"}};
  const auto settings = with.read({});
  REQUIRE(settings);
  CHECK(settings->doubtful() ==
        Words{"MCPCTL_INTERVALL: no such option (did you mean MCPCTL_INTERVAL?)"});
}

TEST_CASE("settings: a header from the environment may be secret, and is never shown") {
  FakeWorld fake;
  fake.variables = {{"MCPCTL_HEADER", "Authorization: Bearer hush"}};
  const cli::TargetOptions options{.headers = {"Authorization: Bearer hush"}, .timeout = "5s"};
  cli::Invocation invocation{.world = fake.world, .words = {}, .child = {}, .settings = {}};
  CHECK_FALSE(cli::resolve_target(options, "http://127.0.0.1/mcp", invocation));

  Fixture with;
  with.fake.variables = fake.variables;
  invocation.settings = *with.read({});
  const auto target = cli::resolve_target(with.target, "http://127.0.0.1/mcp", invocation);
  REQUIRE(target);
  CHECK(target->endpoint.headers == mcp::HeaderList{{"Authorization", "Bearer hush"}});

  Fixture broken;
  broken.fake.variables = {{"MCPCTL_HEADER", "Bearer hush: hush"}};
  invocation.settings = *broken.read({});
  const auto refused = cli::resolve_target(broken.target, "http://127.0.0.1/mcp", invocation);
  REQUIRE_FALSE(refused);
  CHECK(invocation.settings.by_source(refused.error()).message ==
        "MCPCTL_HEADER: is not NAME: VALUE");
}
