#include "scenarios/argument_template.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "scenarios/fields.hpp"

namespace scenarios {
namespace {

ArgumentTemplate arguments(std::string_view yaml) {
  const auto node = read_yaml(yaml);
  REQUIRE(node.has_value());
  Complaints complaints;
  const auto read = Scalars(complaints).template_of(*node);
  REQUIRE_MESSAGE(read.has_value(), to_text("f", complaints.sorted()));
  return *read;
}

std::string refusal(std::string_view text) {
  const auto read = TextTemplate::read(text);
  REQUIRE_FALSE(read.has_value());
  return read.error().message + " / " + read.error().hint;
}

TEST_CASE("arguments: agent and iteration are filled in, as numbers where they stand alone") {
  Random random(1);
  const auto built =
      arguments("a: ${agent.id}\nb: 'x'\nc: ['${iteration}', 'n ${iteration}', true]\n");
  CHECK(built.constant() == nullptr);
  CHECK(built.fill({.agent = 7, .iteration = 3}, random).text() ==
        R"({"a":7,"b":"x","c":["3","n 3",true]})");
}

TEST_CASE("arguments: what is constant is built once") {
  const auto built = arguments("{a: 1, b: ['x', '$$5'], c: {d: null}}");
  REQUIRE(built.constant() != nullptr);
  CHECK(built.constant()->text() == R"({"a":1,"b":["x","$5"],"c":{"d":null}})");
}

TEST_CASE("arguments: random parts have the shape that they name") {
  Random random(5);
  const auto text = TextTemplate::read("${random.int(-2,2)} ${random.hex(4)} ${random.text(3)}");
  REQUIRE(text.has_value());
  std::set<std::string> integers;
  for (int i = 0; i < 200; ++i) {
    const auto filled = text->fill({}, random);
    const auto space = filled.find(' ');
    integers.insert(filled.substr(0, space));
    CHECK(filled.size() == space + 9);
    CHECK(filled.find_first_not_of("0123456789abcdef", space + 1) == space + 5);
  }
  CHECK(integers == std::set<std::string>{"-1", "-2", "0", "1", "2"});
  const auto uuid = TextTemplate::read("${random.uuid}")->fill({}, random);
  CHECK(uuid.size() == 36);
  CHECK(uuid.at(14) == '4');
  CHECK(std::string("89ab").find(uuid.at(19)) != std::string::npos);
}

TEST_CASE("arguments: an unknown name is refused with what is meant") {
  CHECK(refusal("${agent.ip}") ==
        "\"${agent.ip}\" is nothing that an agent can fill in / did you mean agent.id?");
  CHECK(refusal("${random.int(5,1)}").find("${random.int(1,100)}") != std::string::npos);
  CHECK(refusal("${random.hex(0)}").find("write it like ${random.hex(8)}") != std::string::npos);
  CHECK(refusal("${random.int(1,99999999999999999999)}").find("write it") != std::string::npos);
}

}  // namespace
}  // namespace scenarios
