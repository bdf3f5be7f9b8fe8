#include "scenarios/variables.hpp"

#include <doctest/doctest.h>

#include <string>

namespace scenarios {
namespace {

struct Filled {
  std::string json;
  std::vector<Complaint> complaints;
};

Filled filled(std::string_view text, const std::map<std::string, std::string>& set = {}) {
  auto file = read_yaml(text);
  REQUIRE(file.has_value());
  Complaints complaints;
  Variables variables([](const std::string& name) -> std::optional<std::string> {
    if (name == "TOKEN") return "s3cret";
    if (name == "EMPTY") return "";
    return std::nullopt;
  });
  variables.declare(*file, complaints);
  variables.set(set, complaints);
  variables.fill_in(*file, complaints);
  return {to_value(*file).text(), complaints.sorted()};
}

std::string complaint(std::string_view text, const std::map<std::string, std::string>& set = {}) {
  return to_text("f", filled(text, set).complaints);
}

TEST_CASE("variables: defaults are filled in, and --set replaces them") {
  const auto* file = "vars: {n: 3, tool: echo, text: '7'}\na: ${n}\nb: use ${tool}\nc: ${text}\n";
  CHECK(filled(file).json == R"({"a":3,"b":"use echo","c":"7"})");
  CHECK(filled(file, {{"n", "5"}, {"text", "8"}}).json == R"({"a":5,"b":"use echo","c":"8"})");
}

TEST_CASE("variables: the environment is asked for explicit names only") {
  CHECK(filled("a: ${env:TOKEN}\nb: ${env:NONE:-x}\nc: ${env:EMPTY:-y}\n").json ==
        R"({"a":"s3cret","b":"x","c":"y"})");
  CHECK(filled("vars: {t: '${env:TOKEN}'}\na: ${t}\n").json == R"({"a":"s3cret"})");
  CHECK(complaint("a: ${TOKEN}\n") ==
        "f:1:4: there is no variable \"TOKEN\" (declare it under vars, or write ${env:NAME})");
  CHECK(complaint("a: ${env:NONE}\n") ==
        "f:1:4: the environment variable NONE is not set (set it, or write ${env:NONE:-default})");
}

TEST_CASE("variables: mistakes are told with suggestions") {
  CHECK(complaint("vars: {tool: echo}\na: ${tol}\n") ==
        "f:2:4: there is no variable \"tol\" (did you mean tool?)");
  CHECK(complaint("vars: {tool: echo}\n", {{"tols", "x"}}) ==
        "f:1:1: the scenario has no variable \"tols\" (did you mean tool?)");
  CHECK(complaint("vars: {tool: }\na: ${tool}\n") ==
        "f:2:4: the variable tool has no value (--set tool=VALUE)");
  CHECK(complaint("vars: {agent.id: 1}\na: 1\n")
            .starts_with("f:1:8: \"agent.id\" cannot be the name"));
  CHECK(complaint("vars: {a: [1]}\n") ==
        "f:1:11: a variable holds text, a number or a truth value");
  CHECK(complaint("a: ${x\n") == "f:1:4: ${ without its } (write $$ for a dollar sign)");
}

TEST_CASE("variables: what a running agent fills in stays, and values never become templates") {
  CHECK(filled("vars: {v: '${env:TOKEN}', w: 'a$b', x: 'c$$d'}\na: ${agent.id} ${w} ${x} $$\n")
            .json == R"({"a":"${agent.id} a$$b c$$d $$"})");
}

TEST_CASE("variables: repeated values end at a limit") {
  std::string text = "vars: {v: '" + std::string(100'000, 'x') + "'}\na:\n";
  for (int i = 0; i < 100; ++i) text += "  - ${v}\n";
  CHECK(complaint(text).find("variables make this longer than 4194304 bytes") != std::string::npos);
}

}  // namespace
}  // namespace scenarios
