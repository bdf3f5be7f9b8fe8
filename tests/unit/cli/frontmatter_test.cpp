#include "cli/frontmatter.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

json parsed(const std::string& yaml) {
  const auto value = cli::parse_frontmatter("---\n" + yaml + "---\nbody\n");
  return value ? *value : json(value.error().message);
}

}  // namespace

TEST_CASE("frontmatter: plain scalars have the types of the YAML core schema") {
  CHECK(parsed("a: 1\nb: -2.5\nc: true\nd: null\ne: ~\nf:\ng: 0x1F\nh: 1e3\n") ==
        json{{"a", 1},
             {"b", -2.5},
             {"c", true},
             {"d", nullptr},
             {"e", nullptr},
             {"f", nullptr},
             {"g", 31},
             {"h", 1000.0}});
  CHECK(parsed("a: yes\nb: 1.2.3\nc: 2024-01-01\nd: .inf\ne: 1_000\n") ==
        json{{"a", "yes"}, {"b", "1.2.3"}, {"c", "2024-01-01"}, {"d", ".inf"}, {"e", "1_000"}});
}

TEST_CASE("frontmatter: quoted and block scalars are strings") {
  CHECK(parsed("a: \"1\"\nb: 'true'\nc: |\n  1\n") ==
        json{{"a", "1"}, {"b", "true"}, {"c", "1\n"}});
}

TEST_CASE("frontmatter: lists and mappings are kept") {
  CHECK(parsed("list: [a, 2]\nmap:\n  k: v\n") == json{{"list", {"a", 2}}, {"map", {{"k", "v"}}}});
}

TEST_CASE("frontmatter: it ends at the next line of dashes, with either line end") {
  CHECK(*cli::parse_frontmatter("---\r\na: 1\r\n---\r\n---\r\n") == json{{"a", 1}});
  CHECK(*cli::parse_frontmatter("\xef\xbb\xbf---\na: b---c\n---") == json{{"a", "b---c"}});
}

TEST_CASE("frontmatter: what is none is told") {
  const auto complaint = [](const char* text) {
    return cli::parse_frontmatter(text).error().message;
  };
  CHECK(complaint("# Title\n") == "SKILL.md: it does not begin with frontmatter (---)");
  CHECK(complaint("---\na: 1\n") == "SKILL.md: its frontmatter has no end (---)");
  CHECK(complaint("---\n- a\n---\n") == "SKILL.md: its frontmatter is no mapping");
  CHECK(complaint("---\na: [\n---\n").starts_with("SKILL.md: its frontmatter is not YAML: "));
}

TEST_CASE("frontmatter: aliases that multiply are stopped") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 8; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  CHECK(parsed(bomb) == "SKILL.md: its frontmatter is nested too deep or has too many nodes");
}
