#include "tests/server/json_view.hpp"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

using mcp::testserver::json_string;
using mcp::testserver::JsonView;
using mcp::testserver::one_line;

TEST_CASE("json view: members are found, with the last of two of the same name") {
  const std::string text = R"( {"a": 1, "b": {"c": [true, null]}, "a": "two"} )";
  const auto view = *JsonView::parse(text);
  CHECK(view["a"].equals("two"));
  CHECK(view["b"]["c"].raw() == "[true, null]");
  CHECK(view["b"]["c"].elements().size() == 2);
  CHECK_FALSE(view["b"]["x"]["y"].exists());
}

TEST_CASE("json view: escaped names and values are decoded") {
  const std::string text = R"({"\u0061\n":"\ud83d\ude00 \"q\" \u00e4\/"})";
  const auto view = *JsonView::parse(text);
  CHECK(view["a\n"].string() == "\xF0\x9F\x98\x80 \"q\" \xC3\xA4/");
}

TEST_CASE("json view: half of a surrogate pair becomes a replacement character") {
  const std::string text = R"("\ud83d!")";
  CHECK(JsonView::parse(text)->string() == "\xEF\xBF\xBD!");
}

TEST_CASE("json view: numbers are told from integers") {
  CHECK(JsonView::parse("-12")->integer() == -12);
  CHECK(JsonView::parse("1.5")->number() == 1.5);
  CHECK_FALSE(JsonView::parse("1.0")->is_integer());
  CHECK_FALSE(JsonView::parse("99999999999999999999")->integer().has_value());
}

TEST_CASE("json view: nesting beyond the limit is refused") {
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  CHECK_FALSE(JsonView::parse(deep, 256).has_value());
  CHECK(JsonView::parse(deep, 300).has_value());
}

TEST_CASE("json view: it takes what another parser takes, and nothing else") {
  const std::array<std::string, 6> seeds{
      R"({"jsonrpc":"2.0","id":-1.5e+3,"params":{"a":["\u00e9\\",null,false,true,{}]}})",
      R"([0, 1e5, -0.0, "x\ty", "é😀", [], [[]], {"":""}])",
      "\"\\ud83d\\ude00\"",
      "0.1E-7",
      "  [ 1 , 2 ]\n",
      R"({"a":{"b":{"c":{"d":null}}}})"};
  const std::string alphabet = "{}[]\":,\\ue01.-+E tfn\"\x80\xC3\n";
  std::mt19937 random(7);  // NOLINT(cert-msc32-c): the same cases each time
  for (int round = 0; round < 20'000; ++round) {
    auto text = seeds[random() % seeds.size()];
    for (auto changes = random() % 3; changes > 0; --changes) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    }
    if (text.find("\\ud") != std::string::npos) continue;  // we replace lone surrogates
    INFO("text: ", text);
    REQUIRE(JsonView::parse(text).has_value() == nlohmann::json::accept(text));
  }
}

TEST_CASE("json view: a string that was written reads back the same") {
  const std::string text = std::string("a\"b\\c\n\x01", 7) + "\xC3\xA9";
  CHECK(JsonView::parse(json_string(text))->string() == text);
  CHECK(json_string("\xFF") == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("json view: line ends between the parts of a text become blanks") {
  std::string storage;
  CHECK(one_line("{\r\n\"a\":1}", storage) == "{  \"a\":1}");
  CHECK(one_line("{\"a\":1}", storage) == "{\"a\":1}");
}
