#include "mcp/client/pages.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace mcp {
namespace {

using nlohmann::json;

TEST_CASE("pages: items of all pages are kept in order") {
  Pages pages(list_method(ListKind::tools), 10);
  CHECK(*pages.next_params() == json::object());
  REQUIRE(pages.take(json{
      {"tools", {{{"name", "a"}}}}, {"nextCursor", "2"}, {"ttlMs", 5}, {"cacheScope", "public"}}));
  CHECK_FALSE(pages.complete());
  CHECK(*pages.next_params() == json{{"cursor", "2"}});
  REQUIRE(pages.take(json{{"tools", {{{"name", "b"}}}}}));
  CHECK(pages.complete());
  const auto& listing = pages.listing();
  CHECK(listing.items == std::vector<Json>{json{{"name", "a"}}, json{{"name", "b"}}});
  CHECK(listing.pages == 2);
  CHECK(listing.ttl_ms == 5);
  CHECK(listing.cache_scope == "public");
}

TEST_CASE("pages: an empty cursor is a cursor") {
  Pages pages(list_method(ListKind::tools), 10);
  REQUIRE(pages.take(json{{"tools", json::array()}, {"nextCursor", ""}}));
  CHECK_FALSE(pages.complete());
  CHECK(*pages.next_params() == json{{"cursor", ""}});
}

TEST_CASE("pages: a cursor that comes again is a protocol error that names it") {
  Pages pages(list_method(ListKind::tools), 10);
  const json page = {{"tools", json::array()}, {"nextCursor", "same"}};
  REQUIRE(pages.take(page));
  const auto again = pages.take(page);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::protocol);
  CHECK(again.error().message.find("\"same\"") != std::string::npos);
}

TEST_CASE("pages: more pages than the bound are a limit error") {
  Pages pages(list_method(ListKind::prompts), 2);
  REQUIRE(pages.take(json{{"prompts", json::array()}, {"nextCursor", "2"}}));
  const auto second = pages.take(json{{"prompts", json::array()}, {"nextCursor", "3"}});
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::limit);
}

TEST_CASE("pages: a result of another shape is a protocol error that quotes it") {
  for (const json& result :
       {json::object(), json{{"tools", "none"}}, json::array(), json(nullptr)}) {
    Pages pages(list_method(ListKind::tools), 10);
    const auto taken = pages.take(result);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == ErrorKind::protocol);
    CHECK(taken.error().message.find("tools/list") != std::string::npos);
  }
}

TEST_CASE("pages: a tool with invalid header annotations leaves the list, with its reason") {
  Listing listing;
  listing.items.emplace_back(json{{"name", "good"}, {"inputSchema", {{"type", "object"}}}});
  const json bad = {
      {"name", "bad"},
      {"inputSchema",
       {{"type", "object"}, {"properties", {{"a", {{"type", "string"}, {"x-mcp-header", ""}}}}}}}};
  listing.items.emplace_back(bad);
  reject_invalid_tools(listing);
  REQUIRE(listing.items.size() == 1);
  CHECK((*listing.items[0])["name"] == "good");
  REQUIRE(listing.rejected.size() == 1);
  CHECK(listing.rejected[0].name == "bad");
  CHECK_FALSE(listing.rejected[0].reason.empty());
  CHECK(*listing.rejected[0].definition == bad);
  CHECK(listing.rejected[0].position == 1);
}

}  // namespace
}  // namespace mcp
