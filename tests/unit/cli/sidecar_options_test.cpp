#include "cli/commands/sidecar_options.hpp"

#include <doctest/doctest.h>

#include "tests/unit/cli/fake_world.hpp"

using namespace std::chrono_literals;
using cli::SidecarFlags;

namespace {

SidecarFlags flags() {
  return {.target = {.timeout = "5s"}};
}

struct Fixture {
  FakeWorld fake;
  cli::Invocation invocation{
      .world = fake.world, .words = {"http://127.0.0.1:8080/mcp"}, .child = {}, .settings = {}};

  mcp::Result<cli::SidecarPlan> plan(const SidecarFlags& given) {
    auto copy = invocation;
    return cli::sidecar_plan_of(given, copy);
  }
  std::string complaint(const SidecarFlags& given) {
    const auto made = plan(given);
    return made ? "none" : made.error().message;
  }
};

}  // namespace

TEST_CASE("sidecar options: without any it probes each ten seconds and answers on port 9808") {
  Fixture with;
  const auto plan = with.plan(flags());
  REQUIRE(plan);
  CHECK(plan->listen.address == "0.0.0.0");
  CHECK(plan->listen.port == 9808);
  CHECK(plan->drain_timeout == 25s);
  CHECK(plan->options.drain_least == 0s);
  CHECK(plan->options.interval == 10s);
  CHECK(plan->options.jitter == doctest::Approx(0.1));
  CHECK(plan->options.timeout == 5s);
  CHECK(plan->options.handshake_every == 10);
  CHECK(plan->options.thresholds.failure == 3);
  CHECK(plan->options.thresholds.liveness == 6);
  CHECK(plan->options.thresholds.startup_grace == 1min);
  CHECK(plan->options.thresholds.stale_after == 35s);
  CHECK_FALSE(plan->options.require_stable_surface);
  CHECK(plan->options.endpoint.name == "http://127.0.0.1:8080/mcp");
}

TEST_CASE("sidecar options: a verdict is stale after so many intervals and a timeout") {
  Fixture with;
  auto given = flags();
  given.interval = "2s";
  given.stale_after = 5;
  given.target.timeout = "500ms";
  given.jitter = "0.25";
  given.ready_requires = {"stable-surface"};
  given.drain_readyz = "fail";
  given.drain_least = "5s";
  const auto plan = with.plan(given);
  REQUIRE(plan);
  CHECK(plan->options.thresholds.stale_after == 10500ms);
  CHECK(plan->options.jitter == doctest::Approx(0.25));
  CHECK(plan->options.require_stable_surface);
  CHECK(plan->options.drain_least == 5s);
  CHECK(plan->options.while_draining == probes::sidecar::DrainReadiness::fail);
}

TEST_CASE("sidecar options: what cannot hold is told by the option's name") {
  Fixture with;
  const auto told = [&](auto change) {
    auto given = flags();
    change(given);
    return with.complaint(given);
  };
  CHECK(told([](SidecarFlags& f) {
          f.interval = "10 parsecs";
        }).starts_with("--interval: \"10 parsecs\""));
  CHECK(told([](SidecarFlags& f) { f.interval = "0"; }) == "--interval: must be more than zero");
  CHECK(told([](SidecarFlags& f) { f.failure_threshold = 0; }) ==
        "--failure-threshold: must be at least 1");
  for (const char* text : {"100%", "-1%", "1", "ten", "", "%", "nan"}) {
    CAPTURE(text);
    CHECK(told([&](SidecarFlags& f) { f.jitter = text; }).starts_with("--jitter: "));
  }
  CHECK(told([](SidecarFlags& f) { f.ready_requires = {"luck"}; }) ==
        "--ready-requires: \"luck\" is none of its values");
  CHECK(told([](SidecarFlags& f) { f.drain_readyz = "perhaps"; }) ==
        "--drain-readyz: \"perhaps\" is none of its values");
  CHECK(
      told([](SidecarFlags& f) { f.drain_least = "soon"; }).starts_with("--drain-least: \"soon\""));
  CHECK(told([](SidecarFlags& f) { f.log_format = "xml"; }) ==
        "--log-format: \"xml\" is none of its values");
  CHECK(told([](SidecarFlags& f) { f.listen = "here"; }) ==
        "--listen: \"here\" is not ADDRESS:PORT");
  with.invocation.words.clear();
  CHECK(with.complaint(flags()) == "no target given");
}

TEST_CASE("sidecar options: addresses to listen on") {
  const auto read = [](const char* text) {
    const auto listen = cli::read_listen_address("--listen", text);
    return listen ? to_text(*listen) : std::string("none");
  };
  CHECK(read("9808") == "*:9808");
  CHECK(read(":9808") == "*:9808");
  CHECK(read("127.0.0.1:0") == "127.0.0.1:0");
  CHECK(read("[::1]:80") == "[::1]:80");
  for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999"}) {
    CAPTURE(text);
    CHECK(read(text) == "none");
  }
}

TEST_CASE("sidecar options: the address of its own proxy is not that of one on its way") {
  FakeWorld fake;
  fake.run({"sidecar", "http://127.0.0.1:1/mcp", "--noproxy", "-x", "http://127.0.0.1:2"});
  CHECK(fake.err.str() == "mcpctl: --forward-proxy and --noproxy exclude each other\n");
}

TEST_CASE("sidecar options: errors name the variable or the line of the file that set them") {
  FakeWorld fake;
  fake.variables = {{"MCPCTL_INTERVAL", "10 parsecs"}, {"MCPCTL_TARGET", "http://127.0.0.1:1/mcp"}};
  CHECK(fake.run({"sidecar"}) == 2);
  CHECK(fake.err.str().starts_with("mcpctl: MCPCTL_INTERVAL: \"10 parsecs\""));
  fake.err.str("");
  const auto file = fake.file("settings.yaml", "\n\nintervall: 3s\n");
  CHECK(fake.run({"sidecar", "--settings", file}) == 2);
  CHECK(fake.err.str() ==
        "mcpctl: " + file + ":3: unknown key \"intervall\" (did you mean interval?)\n");
}
