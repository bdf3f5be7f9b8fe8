#include <doctest/doctest.h>

#include "tests/unit/drift_surface/snapshots.hpp"

using namespace drift_surface;

namespace {

std::string why(std::string_view rule, std::string_view older, std::string_view newer) {
  return only(changes(older, newer), rule).why;
}

}  // namespace

TEST_CASE("drift sentences: they name the thing, its values and what follows") {
  CHECK(why("read-only-hint-lost", R"({"tools":{"t":{"annotations":{"readOnlyHint":true}}}})",
            R"({"tools":{"t":{}}})") ==
        "Tool \"t\" no longer claims to change nothing, and a client that was told so may run it "
        "without asking (readOnlyHint was true and is absent, which means false).");
  CHECK(why("tool-renamed", R"({"tools":{"getTinyImage":{}}})",
            R"({"tools":{"get-tiny-image":{}}})") ==
        "Tool \"getTinyImage\" seems to be called \"get-tiny-image\" now (a guess: the names have "
        "the same letters), so calls by the old name fail.");
  CHECK(why("server-version-regressed", R"({"serverInfo":{"version":"1.10.0"}})",
            R"({"serverInfo":{"version":"1.9.0"}})") ==
        "The server's version went down from \"1.10.0\" to \"1.9.0\": an older build may have been "
        "put in place.");
  CHECK(why("tool-order-changed",
            R"({"tools":{"a":{},"b":{}},"lists":{"tools":{"order":["a","b"]}}})",
            R"({"tools":{"a":{},"b":{}},"lists":{"tools":{"order":["b","a"]}}})") ==
        "The same tools come in another order (at place 1 now stands \"b\" where \"a\" stood): "
        "calls are not affected, but a model's cached prompt is of no use any more.");
  CHECK(why("text-hidden-characters", R"({"instructions":"safe"})",
            R"({"instructions":"safe to run, see\u202e"})") ==
        "New in the instructions of the server: U+202E (right-to-left override) at character 17, "
        "which "
        "people do not see and models read.");
}

TEST_CASE("drift sentences: a parameter in a header is called by its path") {
  CHECK(why("x-mcp-header-added",
            R"({"tools":{"t":{"inputSchema":{"properties":{"at":{"properties":{"r":
                {"type":"string"}}}}}}}})",
            R"({"tools":{"t":{"inputSchema":{"properties":{"at":{"properties":{"r":
                {"type":"string","x-mcp-header":"Region"}}}}}}}})") ==
        "Parameter \"at.r\" of tool \"t\" must now be sent in the header \"Mcp-Param-Region\" too, "
        "which clients that learnt the tool before leave out.");
}

TEST_CASE("drift sentences: a hidden character in a name shows its code, not itself") {
  CHECK(why("tool-added", "{}", R"({"tools":{"a\u200b":{}}})").find("a\\u{200b}") !=
        std::string::npos);
}
