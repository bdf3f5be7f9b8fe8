#include <doctest/doctest.h>

#include "cli/render/drift/markdown_text.hpp"
#include "cli/render/drift/words.hpp"
#include "mcp/schema/value.hpp"
#include "tests/unit/render/drift_documents.hpp"

using mcp::schema::Value;
using probes::drift::Change;

namespace {

constexpr std::size_t width = 40;

Value json(std::string_view text) {
  return mcp::schema::parse_value(text).value();
}

Change edit(std::optional<Value> before, std::optional<Value> after, std::string why = "Because.") {
  return {.rule = "tool-title-changed",
          .kind = "tool",
          .name = "search",
          .pointer = "/tools/search/title",
          .why = std::move(why),
          .before = std::move(before),
          .after = std::move(after)};
}

std::string shown(const Change& change) {
  const auto [before, after] = cli::before_after(change, width);
  return before + " | " + after;
}

cli::DriftGroup group(const Change& change) {
  return {.title = cli::item_text(change), .changes = {&change}};
}

}  // namespace

TEST_CASE("drift words: short values are shown whole, texts without quotation marks") {
  CHECK(shown(edit(json("100"), json("10"))) == "100 | 10");
  CHECK(shown(edit(json(R"("a\nb")"), json("[1]"))) == R"(a\nb | [1])");
}

TEST_CASE("drift words: of long texts the words around the first difference are shown") {
  const std::string same = "The first of many words that both of the two texts have in common, ";
  CHECK(shown(edit(Value(same + "and then this."), Value(same + "but never that."))) ==
        "…two texts have in common, and then thi… | …two texts have in common, but never th…");
}

TEST_CASE("drift words: an excerpt does not begin inside of a character") {
  const std::string same(200, 'x');
  const auto text = shown(edit(Value("ä" + same + " ö1"), Value("ä" + same + " ö2")));
  CHECK(text.find("ö1") != std::string::npos);
  CHECK(text.find("ö2") != std::string::npos);
}

TEST_CASE("drift words: what the sentence quotes is not shown again") {
  CHECK(shown(edit(json(R"("a")"), json(R"("b")"), R"(It was "a" and is "b".)")) == " | ");
  CHECK(shown(edit(std::nullopt, json(R"("region")"), R"(The argument "region" is required.)")) ==
        " | ");
  CHECK(shown(edit(json("1"), json("1"))) == " | ");
}

TEST_CASE("drift words: a text that came is shown where the sentence points") {
  const std::string text =
      "Many words of which nobody would think anything bad at all: evil.example";
  CHECK(shown(edit(std::nullopt, Value(text), R"(It names "evil.example".)")) ==
        " | …think anything bad at all: evil.example");
}

TEST_CASE("drift words: of a schema that came the short members are shown first") {
  CHECK(
      shown(edit(std::nullopt, json(R"({"description":"What is looked for","type":"string"})"))) ==
      R"( | {"type":"string","description":"What is…)");
}

TEST_CASE("drift words: the same change of several items is told once") {
  const auto change = [](const char* name) {
    return Change{.rule = "tool-removed",
                  .kind = "tool",
                  .name = name,
                  .pointer = std::string("/tools/") + name,
                  .why = std::string("Tool \"") + name + "\" is gone."};
  };
  const auto one = change("a");
  const auto two = change("b");
  auto other = change("c");
  other.why = "Tool \"c\" has another name.";
  std::vector<cli::DriftGroup> groups = {group(one), group(two), group(other)};
  const auto repeated = cli::take_repeated(groups);
  REQUIRE(repeated.size() == 1);
  CHECK(repeated[0].title == "2 tools");
  CHECK(repeated[0].why == "The tool is gone.");
  CHECK(repeated[0].changes == std::vector<const Change*>{&one, &two});
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].title == "tool c");
}

TEST_CASE("drift words: changes to other values are not the same") {
  auto one = edit(json("1"), json("2"));
  auto two = edit(json("1"), json("3"));
  two.name = "find";
  two.pointer = "/tools/find/title";
  std::vector<cli::DriftGroup> groups = {group(one), group(two)};
  CHECK(cli::take_repeated(groups).empty());
  CHECK(groups.size() == 2);
}

TEST_CASE("drift words: a place is told from its item on, whatever the item is called") {
  Change change{.kind = "tool", .name = "a/b~c", .pointer = "/tools/a~1b~0c/inputSchema"};
  CHECK(cli::place_in_item(change) == "/inputSchema");
  change.pointer = "/tools/a~1b~0c";
  CHECK(cli::place_in_item(change).empty());
  change = {.kind = "server", .pointer = "/serverInfo/name"};
  CHECK(cli::place_in_item(change) == "/serverInfo/name");
}

TEST_CASE("drift words: servers are named once where both have one name") {
  auto document = drift_document();
  CHECK(cli::servers_text(document) == "shop 1.0.0 → 1.1.0");
  document.newer.server = "store";
  CHECK(cli::servers_text(document) == "shop 1.0.0 → store 1.1.0");
  document.older.server.clear();
  document.older.version.clear();
  CHECK(cli::servers_text(document) == "(no name) → store 1.1.0");
}

TEST_CASE("markdown: text cannot format, link or mention, and code ends only at its fence") {
  CHECK(cli::markdown_text("a_b *c* @me #1 <b> www.x.y") ==
        "a\\_b \\*c\\* @&#8203;me \\#&#8203;1 &lt;b&gt; www&#8203;.x.y");
  CHECK(cli::markdown_code("a`b") == "``a`b``");
  CHECK(cli::markdown_code("`a") == "`` `a ``");
  CHECK(cli::markdown_code("a|b") == "<code>a&#124;b</code>");
  CHECK(cli::markdown_fence("```\nx", "json") == "````json\n```\nx\n````\n");
}
