#include "scenarios/scenario_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace scenarios {
namespace {

using namespace std::chrono_literals;

Scenario loaded(std::string_view text, const ReadOptions& options = {}) {
  const auto scenario = read_scenario(text, options);
  REQUIRE_MESSAGE(scenario.has_value(), to_text("f", scenario.error()));
  return *scenario;
}

std::string complaints(std::string_view text, const ReadOptions& options = {}) {
  const auto scenario = read_scenario(text, options);
  return scenario ? std::string() : to_text("f", scenario.error());
}

TEST_CASE("scenario: every part of a file arrives") {
  const auto scenario = loaded(R"(
name: everything
description: one of each
target: http://127.0.0.1/mcp
transport: streamable-http
protocol: 2025-06-18
agents:
  count: 50
  arrive: {poisson: 10/s}
  churn: {lifetime: 2m ± 50 %, pause: 5s}
  in_flight: 8
  connections: 2
phases:
  - ramp: {to: 100/s, over: 30s}
  - steady: {rate: 100/s, for: 2m}
  - spike: {rate: 500/s, for: 10s, name: rush}
  - ramp: {to: 0/s, over: 5s}
settle: 3s
timeout: 5s
drain: 1s
thresholds: ["p99(tools/call) < 250ms", "sessions_lost == 0"]
sources: [127.0.0.1, 127.0.0.2]
seed: 42
)");
  CHECK(scenario.name == "everything");
  CHECK(scenario.target.name == "http://127.0.0.1/mcp");
  CHECK(scenario.target.transport == mcp::TransportChoice::streamable_http);
  CHECK(scenario.target.protocol.revision == mcp::Revision::v2025_06_18);
  CHECK(scenario.agents.count == 50);
  CHECK(std::get<AtPoissonRate>(scenario.agents.arrive).rate == Rate{.count = 10});
  CHECK(scenario.agents.churn->lifetime == Uneven{.mean = 2min, .permille = 500});
  CHECK(scenario.agents.churn->pause == Uneven{.mean = 5s});
  CHECK(scenario.agents.in_flight == 8);
  CHECK(scenario.agents.connections == 2);
  CHECK(scenario.duration == 165s);
  CHECK(scenario.settle == 3s);
  CHECK(scenario.timeout == 5s);
  CHECK(scenario.drain == 1s);
  CHECK(scenario.seed == 42);
  CHECK(scenario.sources == std::vector<std::string>{"127.0.0.1", "127.0.0.2"});
  CHECK(scenario.thresholds.at(1).text == "sessions_lost == 0");
  REQUIRE(scenario.phases.size() == 4);
  CHECK(scenario.phases[0].from->is_zero());
  CHECK(scenario.phases[2].name == "rush");
  CHECK(scenario.phases[3].from == Rate{.count = 500});
  CHECK(scenario.script.size() == 3);
  CHECK(std::holds_alternative<Pace>(scenario.script.at(1).action));
}

TEST_CASE("scenario: all mistakes are told at once, in the order of the file") {
  CHECK(complaints(R"(agents: {cout: 5, arrive: slowly}
durration: 5s
timeout: 8
seed: -1
script:
  - conect
  - burst: {calls: 0, over: 8s}
  - idle: 5
  - call: echo
    expct: {is_error: false}
)") == R"(f:1:10: agents has no "cout" (did you mean count?)
f:1:27: "slowly" is no way to arrive (write at once, {over: 30s}, {rate: 10/s} or {poisson: 10/s})
f:2:1: a scenario has no "durration" (did you mean duration?)
f:3:10: "8" is no duration (write it like 500ms, 8s, 1.5m or 2h)
f:4:7: "-1" is not between 0 and 9223372036854775807
f:6:5: "conect" is no step (did you mean connect?)
f:7:20: "0" is not between 1 and 1000000
f:8:11: "5" is no duration (write it like 500ms, 8s, 1.5m or 2h)
f:10:5: a request has no "expct" (did you mean expect?))");
}

TEST_CASE("scenario: values from the environment are never shown") {
  const ReadOptions options{.environment = [](const std::string&) { return "s3cret"; }};
  const auto told =
      complaints("agents: ${env:N}\nduration: ${env:N}\nscript: [connect]\n", options);
  CHECK(told ==
        "f:1:9: \"${env:N}\" is no whole number\n"
        "f:2:11: \"${env:N}\" is no duration (write it like 500ms, 8s, 1.5m or 2h)");
}

TEST_CASE("scenario: what cannot be run is refused") {
  CHECK(complaints("name: x\n") == "f:1:1: there is neither a script nor a phase with a rate");
  CHECK(complaints("- x\n") == "f:1:1: a scenario must be a mapping, not a list");
  CHECK(complaints("").find("a scenario must be a mapping, not nothing") != std::string::npos);
  CHECK(complaints("script: [connect, pace]\n") == "f:1:19: pace needs phases with rates");
  CHECK(complaints("phases: [steady: {rate: 1/s, for: 5s}]\nscript: [connect, ping]\n") ==
        "f:2:9: phases with rates need the step pace (or leave script out)");
  CHECK(complaints("phases: [steady: {rate: 1/s, for: 5s}]\nduration: 5s\n") ==
        "f:2:11: the phases say how long the run takes (leave duration out)");
  CHECK(
      complaints("phases:\n  - steady: 5s\n  - spike: {rate: 1/s, for: 5s}\nscript: [connect]\n") ==
      "f:3:12: either every phase has a rate or none has");
  CHECK(complaints("loop: closed\nphases: [steady: {rate: 1/s, for: 5s}]\n") ==
        "f:1:7: a closed loop has no rate (leave loop out, or the rates of the phases)");
  CHECK(complaints("duration: 5s\nscript: [connect, {repeat: [ping]}]\n") ==
        "f:2:19: a repetition that takes no time would never let go (put think, idle or a burst "
        "with a duration into it)");
  CHECK(complaints("loop: closed\nduration: 5s\nscript: [connect, {repeat: [ping]}]\n").empty());
  CHECK(complaints("script: [connect, {repeat: [{think: 1s}]}]\n") ==
        "f:1:9: nothing says when the run ends (add duration, or times to repeat)");
  CHECK(complaints("script: [connect, disconnect, ping]\n") ==
        "f:1:31: there is no connection at this step (begin with connect)");
  CHECK(complaints("script: [connect]\nthresholds: [sessions_lost == 0, p99 <]\n")
            .starts_with("f:2:34: "));
  CHECK(complaints("agents: 2000000\nscript: [connect]\n") ==
        "f:1:9: \"2000000\" is not between 1 and 1048575");
  CHECK(complaints("agents: 1.5\nscript: [connect]\n") == "f:1:9: \"1.5\" is no whole number");
}

TEST_CASE("scenario: searches are read, with their bounds") {
  const auto idle = loaded("search: {idle: {of: [stream], from: 2s, to: 1m, within: 100ms}}\n");
  const auto& ladder = std::get<IdleSearch>(idle.search);
  CHECK(ladder.subjects == std::vector<Subject>{Subject::stream});
  CHECK(ladder.to == 1min);
  const auto capacity =
      loaded("search: {capacity: {from: 5/s, to: 1000/s, growth: 50 %, step: 5s}}\n");
  CHECK(std::get<CapacitySearch>(capacity.search).growth_permille == 1500);
  CHECK(complaints("search: {idle: {from: 2m, to: 1m}}\n") ==
        "f:1:16: from must be shorter than to");
  CHECK(complaints("search: {idle: {of: [stream, streem]}}\n") ==
        "f:1:30: \"streem\" is none of session, connection, stream (did you mean stream?)");
}

TEST_CASE("scenario: arguments come from files through the caller") {
  const ReadOptions options{.read_file = [](const std::string& path) -> mcp::Result<std::string> {
    if (path == "a.json") return R"([{"n": 1}, {"n": 2}])";
    if (path == "b.json") return "7";
    return mcp::fail(mcp::ErrorKind::usage, path + " is missing");
  }};
  const auto scenario = loaded(
      "requests: [{call: echo, arguments_from: a.json}]\nscript: [connect, request]\n", options);
  CHECK(std::get<FromFile>(scenario.requests.at(0).arguments).values.at(1).text() == R"({"n":2})");
  CHECK(complaints(
            "script: [connect, {call: x, arguments_from: b.json}, {call: x, arguments_from: c}]\n",
            options) ==
        "f:1:19: b.json: holds neither an object nor an array of objects\nf:1:54: c is missing");
}

}  // namespace
}  // namespace scenarios
