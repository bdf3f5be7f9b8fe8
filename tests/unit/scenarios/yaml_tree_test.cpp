#include "scenarios/yaml_tree.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace scenarios {
namespace {

TEST_CASE("yaml: nodes know their place, and quoted scalars are text") {
  const auto root = read_yaml("a: 1\nb:\n  - x\n  - '2'\nc:\n");
  REQUIRE(root.has_value());
  CHECK(root->find("a")->place == Place{1, 4});
  CHECK(root->find("b")->items.at(1).place == Place{4, 5});
  CHECK(to_value(*root).text() == R"({"a":1,"b":["x","2"],"c":null})");
  CHECK(root->members.at(1).place == Place{2, 1});
  CHECK(root->find("d") == nullptr);
}

TEST_CASE("yaml: scalars follow the core schema, and nothing else becomes a number") {
  const auto value = [](const std::string& text) {
    return to_value(*read_yaml("v: " + text + "\n")->find("v")).text();
  };
  CHECK(value("~") == "null");
  CHECK(value("true") == "true");
  CHECK(value("yes") == R"("yes")");
  CHECK(value("0.10") == "0.1");
  CHECK(value("+5") == "5");
  CHECK(value("1e3") == "1000");
  CHECK(value("0x10") == R"("0x10")");
  CHECK(value("012") == R"("012")");
  CHECK(value(".inf") == R"(".inf")");
  CHECK(value("12345678901234567890123") == "12345678901234567890123");
  CHECK(value("\"\"") == R"("")");
}

TEST_CASE("yaml: aliases are copies with their own place") {
  const auto root = read_yaml("a: &x {p: 1}\nb: *x\n");
  REQUIRE(root.has_value());
  CHECK(root->find("b")->find("p")->text == "1");
  CHECK(root->find("b")->place == Place{2, 4});
}

TEST_CASE("yaml: what is not allowed is told with its place") {
  const auto why = [](std::string_view text) {
    const auto read = read_yaml(text);
    REQUIRE_FALSE(read.has_value());
    return fmt::format("{}:{}: {}", read.error().place.line, read.error().place.column,
                       read.error().message);
  };
  CHECK(why("a: 1\na: 2\n") == "2:1: \"a\" stands here a second time");
  CHECK(why("a: !!binary x\n") == "1:4: a tag, which scenarios do not use");
  CHECK(why("? [a]\n: b\n") == "1:3: a key that is no text");
  CHECK(why("a: 1\n---\nb: 2\n") == "2:1: a second document");
  CHECK(why("a: &x [*x]\n") == "1:8: an alias to a value that contains it");
  CHECK(why("a: [1\n").find("this is no YAML: ") != std::string::npos);
  CHECK(why("a: b: c\n").starts_with("1:5: this is no YAML: "));
}

TEST_CASE("yaml: aliases of aliases, deep nesting and long files end at a limit") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i,
                        i - 1);
  }
  const auto exploded = read_yaml(bomb);
  REQUIRE_FALSE(exploded.has_value());
  CHECK(exploded.error().message == "more than 50000 values (aliases followed)");
  const auto deep = read_yaml(std::string(100, '[') + std::string(100, ']'));
  REQUIRE_FALSE(deep.has_value());
  CHECK(deep.error().message == "values nest deeper than 40");
  const auto abyss = read_yaml(std::string(100'000, '['));
  CHECK_FALSE(abyss.has_value());
  CHECK(read_yaml(std::string(2UL << 20U, ' ')).error().message ==
        "the file is longer than 1048576 bytes");
}

}  // namespace
}  // namespace scenarios
