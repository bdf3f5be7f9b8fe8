#include "scenarios/request_maker.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "mcp/schema/validator.hpp"
#include "scenarios/scenario_reader.hpp"

namespace scenarios {
namespace {

using mcp::schema::parse_value;

Plan plan(std::string_view requests) {
  const ReadOptions options{.read_file = [](const std::string&) -> mcp::Result<std::string> {
    return R"([{"n": 1}, {"n": 2}, {"n": 3}])";
  }};
  const auto scenario = read_scenario(
      "agents: 9\nscript: [connect, request]\nrequests: " + std::string(requests) + "\n", options);
  REQUIRE_MESSAGE(scenario.has_value(), to_text("f", scenario.error()));
  return {*scenario, {}};
}

TEST_CASE("requests: weights are kept, and no agent draws what another does") {
  const auto mixed = plan("[{call: a, weight: 9}, {call: b}]");
  RequestMaker maker(mixed, 1, nullptr);
  RequestMaker other(mixed, 2, nullptr);
  int a = 0;
  int same = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto made = maker.make(mixed.scenario().requests);
    a += made.target == "a" ? 1 : 0;
    same += made.target == other.make(mixed.scenario().requests).target ? 1 : 0;
  }
  CHECK(a == doctest::Approx(9000).epsilon(0.01));
  CHECK(same == doctest::Approx(8200).epsilon(0.02));
}

TEST_CASE("requests: the objects of a file are taken in turn, each agent from its own place") {
  const auto filed = plan("[{call: a, arguments_from: f.json}]");
  const auto taken = [&](AgentId agent) {
    RequestMaker maker(filed, agent, nullptr);
    std::string text;
    for (int i = 0; i < 4; ++i) text += maker.make(filed.scenario().requests).arguments.text();
    return text;
  };
  CHECK(taken(3) == R"({"n":1}{"n":2}{"n":3}{"n":1})");
  CHECK(taken(4) == R"({"n":2}{"n":3}{"n":1}{"n":2})");
}

TEST_CASE("requests: generated arguments fit the tool's schema, and differ") {
  const auto generated =
      plan("[{call: add, generate: true}, {call: '${iteration}', generate: true}]");
  CHECK(tools_to_sample(generated.scenario()) == std::vector<std::string>{"add"});
  const auto schema = *parse_value(R"({"type": "object", "required": ["a", "s"], "properties":
      {"a": {"type": "integer", "minimum": 3, "maximum": 90}, "s": {"type": "string", "minLength": 2}}})");
  SampledArguments samples;
  REQUIRE(samples.learn("add", schema, 7).has_value());
  mcp::schema::Validator validator(mcp::schema::Schema::compile(schema).value());
  Random random(1);
  std::set<std::string> texts;
  for (int i = 0; i < 200; ++i) {
    const auto& sample = samples.draw("add", random);
    CHECK(validator.accepts(sample).value());
    texts.insert(sample.text());
  }
  CHECK(texts.size() > 5);
  CHECK(samples.draw("unknown", random).text() == "{}");
}

TEST_CASE("requests: a schema without an instance is an error") {
  SampledArguments samples;
  CHECK(samples
            .learn("none",
                   *parse_value(
                       R"({"type": "object", "required": ["a"], "properties": {"a": false}})"),
                   1)
            .error()
            .kind == mcp::ErrorKind::empty);
}

}  // namespace
}  // namespace scenarios
