#include "scenarios/script_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace scenarios {
namespace {

using namespace std::chrono_literals;

Script script(std::string_view yaml) {
  const auto node = read_yaml(yaml);
  REQUIRE(node.has_value());
  Complaints found;
  const auto read = ScriptReader(found).read(*node);
  REQUIRE_MESSAGE(found.empty(), to_text("f", found.sorted()));
  return *read;
}

std::string complaints(std::string_view yaml) {
  const auto node = read_yaml(yaml);
  REQUIRE(node.has_value());
  Complaints found;
  ScriptReader(found).read(*node);
  return to_text("f", found.sorted());
}

TEST_CASE("script: bursts, idles and repetitions") {
  const auto read = script(R"(
- connect
- repeat:
    times: 3
    steps:
      - burst: {calls: 30, over: 8s, spacing: jittered}
      - idle: 5m ± 20 %
- burst: 10/2s
- think: 500ms
- repeat: [idle: 1s]
- disconnect
)");
  REQUIRE(read.size() == 6);
  const auto& repeat = std::get<Repeat>(read[1].action);
  CHECK(repeat.times == 3);
  const auto& burst = std::get<Burst>(repeat.steps.at(0).action);
  CHECK(burst.calls == 30);
  CHECK(burst.over == 8s);
  CHECK(burst.spacing == Spacing::jittered);
  CHECK(burst.mix.empty());
  CHECK(std::get<Idle>(repeat.steps.at(1).action).time == Uneven{.mean = 5min, .permille = 200});
  CHECK(std::get<Burst>(read[2].action).calls == 10);
  CHECK(std::get<Think>(read[3].action).time.mean == 500ms);
  CHECK_FALSE(std::get<Repeat>(read[4].action).times.has_value());
  CHECK(read[5].place == Place{11, 3});
}

TEST_CASE("script: each kind of request") {
  const auto read = script(R"(
- ping
- listen
- request
- list: resource_templates
- read: file:///notes/${iteration}
- prompt: greet
  arguments: {name: me}
- call: echo
  arguments: {message: "hello ${agent.id}"}
  timeout: 2s
  expect:
    text_contains: hello
    json: {pointer: /content/0/type, equals: text}
    within: 250ms
- any:
    - {call: echo, weight: 3}
    - {call: add, generate: true}
    - ping
)");
  REQUIRE(read.size() == 8);
  const auto request = [&](std::size_t index) {
    return std::get<Send>(read[index].action).mix.at(0);
  };
  CHECK(request(0).operation == Operation::ping);
  CHECK(request(1).operation == Operation::listen);
  CHECK(std::get<Send>(read[2].action).mix.empty());
  CHECK(method_of(request(3).operation, request(3).target.constant()->string()) ==
        "resources/templates/list");
  CHECK(request(4).target.constant() == nullptr);
  CHECK(request(5).operation == Operation::prompt);
  CHECK(request(6).timeout == 2s);
  CHECK(request(6).expect.text_contains == "hello");
  CHECK(request(6).expect.member->pointer == "/content/0/type");
  CHECK(request(6).expect.member->equals.text() == R"("text")");
  CHECK(request(6).expect.within == 250ms);
  const auto& mix = std::get<Send>(read[7].action).mix;
  REQUIRE(mix.size() == 3);
  CHECK(mix[0].weight == 3);
  CHECK(std::holds_alternative<Generated>(mix[1].arguments));
}

TEST_CASE("script: mistakes in steps are told where they are") {
  CHECK(complaints("[]") == "f:1:1: a list is no list of steps");
  CHECK(complaints("- bust: {calls: 1, over: 1s}") ==
        "f:1:3: there is no step \"bust\" (did you mean burst?)");
  CHECK(complaints("- burst") == "f:1:3: \"burst\" is no step (burst needs a value: burst: …)");
  CHECK(complaints("- burst: {calls: 1}").starts_with("f:1:10: burst needs calls and over"));
  CHECK(complaints("- burst: 0.5/s") == "f:1:10: a burst has 1 to 1000000 calls");
  CHECK(complaints("- idle: 1s\n  think: 2s") == "f:2:3: a step has no \"think\" (it has idle)");
  CHECK(complaints("- {call: a, list: tools}").starts_with("f:1:3: a request names one of call"));
  CHECK(complaints("- list: tool") ==
        "f:1:9: \"tool\" is none of tools, prompts, resources, resource_templates (did you mean "
        "tools?)");
  CHECK(complaints("- call: []") == "f:1:9: a list is no name (call needs one)");
  CHECK(complaints("- {ping: , arguments: {a: 1}}") ==
        "f:1:23: this kind of request has no arguments");
  CHECK(complaints("- {call: a, arguments: {}, generate: true}").find("exclude each other") !=
        std::string::npos);
  CHECK(complaints("- {call: a, weight: 0}") == "f:1:21: \"0\" is not between 1 and 1000000");
  CHECK(complaints("- {call: a, expect: {json: {pointer: a, equals: 1}}}")
            .find("is no JSON Pointer") != std::string::npos);
  CHECK(complaints("- connect: now").starts_with("f:1:3: connect has no value"));
  CHECK(complaints("- any: []") == "f:1:8: a list is no list of requests");
}

TEST_CASE("script: repetitions nest to a limit") {
  std::string deep = "[ping]";
  for (int i = 0; i < 10; ++i) deep = "[{repeat: " + deep + "}]";
  CHECK(complaints(deep).find("repeat nests deeper than 8") != std::string::npos);
}

}  // namespace
}  // namespace scenarios
