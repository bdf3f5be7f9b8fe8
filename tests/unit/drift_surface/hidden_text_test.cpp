#include <doctest/doctest.h>

#include "probes/drift/hidden_text.hpp"
#include "tests/unit/drift_surface/snapshots.hpp"

using namespace drift_surface;
using namespace probes::drift;

namespace {

std::vector<std::pair<unsigned, std::size_t>> found_in(std::string_view text) {
  std::vector<std::pair<unsigned, std::size_t>> found;
  for (const auto& each : hidden_characters(text)) {
    found.emplace_back(static_cast<unsigned>(each.value), each.position);
  }
  return found;
}
using Found = std::vector<std::pair<unsigned, std::size_t>>;

}  // namespace

TEST_CASE("hidden text: each kind is found, counted in characters from 1") {
  CHECK(found_in("ä\u200bb") == Found{{0x200b, 2}});
  CHECK(found_in("\u202eab\u2069") == Found{{0x202e, 1}, {0x2069, 4}});
  CHECK(found_in("a\U000e0041\U000e007f") == Found{{0xe0041, 2}, {0xe007f, 3}});
  CHECK(found_in("a\U000e0100\ufe01") == Found{{0xe0100, 2}, {0xfe01, 3}});
  CHECK(found_in("a\x1b[31m\x07\u009b\x7f") == Found{{0x1b, 2}, {0x07, 7}, {0x9b, 8}, {0x7f, 9}});
  CHECK(found_in("a\u00adb\u2060\ufeff") == Found{{0xad, 2}, {0x2060, 4}, {0xfeff, 5}});
}

TEST_CASE("hidden text: what writing needs is not hidden") {
  CHECK(found_in("line\n\tnext\r\n") == Found{});
  CHECK(found_in("❤️ 👩‍👩‍👧 1️⃣ ✔︎") == Found{});
  CHECK(found_in("می‌خواهم") == Found{});  // Persian, with a non-joiner
  CHECK(found_in("क्‍ष") == Found{});       // Hindi, with a joiner
  CHECK(found_in("日本語 grüße 🇩🇪") == Found{});
}

TEST_CASE("hidden text: the same characters between plain letters are") {
  CHECK(found_in("a\u200db\u200cc\ufe0f") == Found{{0x200d, 2}, {0x200c, 4}, {0xfe0f, 6}});
}

TEST_CASE("hidden text: tag characters are spelled out") {
  CHECK(tag_message("x\U000e0068\U000e0069") == "hi");
  const auto found = changes(R"({"tools":{"t":{"title":"a"}}})",
                             R"({"tools":{"t":{"title":"a\udb40\udc68\udb40\udc69"}}})");
  CHECK(only(found, "text-hidden-characters").why ==
        "New in the title of tool \"t\": U+E0068 (tag character) at character 2, U+E0069 (tag "
        "character) at character 3, which people do not see and models read; its tag characters "
        "spell \"hi\".");
}

TEST_CASE("hidden text: it is found in every text and name of an item, new or changed") {
  const auto rules = [](std::string_view newer) {
    const auto found = changes(R"({"era":"legacy","tools":{"t":{"name":"t"}}})",
                               R"({"era":"legacy",)" + std::string(newer.substr(1)));
    return only(found, "text-hidden-characters").pointer;
  };
  CHECK(rules(R"({"tools":{"t":{"name":"t"},"u":{"description":"a\u200b"}}})") ==
        "/tools/u/description");
  CHECK(rules(R"({"tools":{"t":{"name":"t","annotations":{"title":"\u202e"}}}})") ==
        "/tools/t/annotations/title");
  CHECK(rules(R"({"tools":{"t":{"name":"t","inputSchema":{"properties":{"a\u200b":{}}}}}})") ==
        "/tools/t/inputSchema/properties/a\u200b");
  CHECK(rules(R"({"tools":{"t":{"name":"t","inputSchema":{"properties":{"a":
              {"items":{"description":"\u2066"}}}}}}})") ==
        "/tools/t/inputSchema/properties/a/items/description");
  CHECK(rules(R"({"tools":{"t":{"name":"t"}},"prompts":{"p":{"arguments":
              [{"name":"a","description":"\u200b"}]}}})") == "/prompts/p/arguments/0/description");
  CHECK(rules(R"({"tools":{"t":{"name":"t"}},"instructions":"x\u001b[2J"})") == "/instructions");
}

TEST_CASE("hidden text: what was there before is not told again") {
  const auto told = rules_of(changes(R"({"tools":{"t":{"description":"a\u200bb"}}})",
                                     R"({"tools":{"t":{"description":"a\u200bb, c"}}})"));
  CHECK(told == std::vector<std::string>{"tool-description-changed"});
}
