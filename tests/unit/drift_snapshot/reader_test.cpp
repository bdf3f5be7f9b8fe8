#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "probes/drift/snapshot.hpp"

namespace {

using namespace probes::drift;

struct Read {
  mcp::Result<Snapshot> snapshot;
  std::vector<std::string> warnings;
};

Read read(std::string_view text) {
  std::vector<std::string> warnings;
  auto snapshot = read_snapshot(text, warnings);
  return {std::move(snapshot), std::move(warnings)};
}

std::string refusal(std::string_view text) {
  const auto result = read(text).snapshot;
  REQUIRE(!result);
  CHECK(result.error().kind == mcp::ErrorKind::usage);
  CHECK(!result.error().hint.empty());
  return result.error().message;
}

std::string member(const Snapshot& snapshot, std::string_view name) {
  const auto* found = snapshot.document().find(name);
  return found == nullptr ? "" : found->text();
}

}  // namespace

TEST_CASE("reader: a bare tools/list result is a snapshot of that list alone") {
  const auto result = read(R"({"tools":[{"name":"b"},{"name":"a"}],"ttlMs":5})");
  REQUIRE(result.snapshot);
  CHECK(result.warnings.empty());
  CHECK(member(*result.snapshot, "tools") == R"({"a":{"name":"a"},"b":{"name":"b"}})");
  CHECK(member(*result.snapshot, "lists") == R"({"tools":{"order":["b","a"],"ttlMs":5}})");
  CHECK(member(*result.snapshot, "era") == "");
  CHECK(member(*result.snapshot, "handshake") == "");
}

TEST_CASE("reader: members of an initialize result beside the tools are the handshake's") {
  const auto result =
      read(R"({"tools":[],"protocolVersion":"2025-06-18","capabilities":{"tools":{}},
    "serverInfo":{"name":"x","version":"1"},"instructions":"Hi","_meta":{"a":1},"odd":[1]})");
  REQUIRE(result.snapshot);
  CHECK(member(*result.snapshot, "era") == R"("legacy")");
  CHECK(member(*result.snapshot, "protocolVersion") == R"("2025-06-18")");
  CHECK(member(*result.snapshot, "serverInfo") == R"({"name":"x","version":"1"})");
  CHECK(member(*result.snapshot, "instructions") == R"("Hi")");
  CHECK(member(*result.snapshot, "handshake") == R"({"_meta":{"a":1},"odd":[1]})");
}

TEST_CASE("reader: members of a server/discover result make a modern snapshot") {
  const auto result = read(R"({"tools":[{"name":"a"}],"supportedVersions":["2026-07-28","x"],
    "capabilities":{},"ttlMs":7,"cacheScope":"public","resultType":"complete",
    "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"m"},"other":1}})");
  REQUIRE(result.snapshot);
  CHECK(member(*result.snapshot, "era") == R"("modern")");
  CHECK(member(*result.snapshot, "protocolVersion") == R"("2026-07-28")");
  CHECK(member(*result.snapshot, "serverInfo") == R"({"name":"m"})");
  CHECK(member(*result.snapshot, "discover") == R"({"cacheScope":"public","ttlMs":7})");
  CHECK(member(*result.snapshot, "handshake") ==
        R"({"_meta":{"other":1},"resultType":"complete"})");
  CHECK(member(*result.snapshot, "lists") == R"({"tools":{"order":["a"]}})");
}

TEST_CASE("reader: a whole JSON-RPC response is unwrapped") {
  const auto result = read(R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}})");
  REQUIRE(result.snapshot);
  CHECK(result.snapshot->items(tool_kind).size() == 1);
}

TEST_CASE("reader: later items of the same name are kept apart, nameless ones too") {
  const auto result = read(R"({"tools":[{"name":"a"},{"name":"a","title":"2"},{"title":"?"}]})");
  REQUIRE(result.snapshot);
  CHECK(member(*result.snapshot, "lists") ==
        R"({"tools":{"duplicates":[{"name":"a","title":"2"}],"order":["a"],)"
        R"("unnamed":[{"title":"?"}]}})");
  CHECK(result.warnings == std::vector<std::string>{
                               R"(a tool without "name": no client can use it: "{"title":"?"}")"});
}

TEST_CASE("reader: a page that is not the last one is warned of") {
  const auto result = read(R"({"tools":[],"nextCursor":"x"})");
  REQUIRE(result.snapshot);
  CHECK(result.warnings.size() == 1);
}

TEST_CASE("reader: members of an unexpected type stay under the handshake as sent") {
  const auto result = read(R"({"tools":[],"protocolVersion":"2025-06-18","capabilities":[1]})");
  REQUIRE(result.snapshot);
  CHECK(member(*result.snapshot, "handshake") == R"({"capabilities":[1]})");
}

TEST_CASE("reader: what is no snapshot is refused by name") {
  CHECK(refusal("  \n") == "is empty");
  CHECK(refusal("[]") == "is a JSON array, not a snapshot");
  CHECK(refusal("{").starts_with("not JSON: line 1, column 2"));
  CHECK(refusal(R"({"name":"x"})") ==
        R"(has neither "schema_version" nor "tools", so it is no snapshot)");
  CHECK(refusal(R"({"tools":{"a":{}}})") == "/tools: is of type object, not array");
}

TEST_CASE("reader: a file of a newer program is refused clearly") {
  CHECK(refusal(R"({"schema_version":2,"whatever":1})") ==
        "schema_version 2: is of a newer mcpctl; this one reads 1");
  CHECK(refusal(R"({"schema_version":"1"})") == R"(/schema_version: is ""1"", not 1)");
}

TEST_CASE("reader: errors in a snapshot file say where") {
  CHECK(refusal(R"({"schema_version":1,"tool":{}})") == "/tool: a snapshot has no such member");
  CHECK(refusal(R"({"schema_version":1,"era":"old"})") ==
        R"(/era: is neither "legacy" nor "modern")");
  CHECK(refusal(R"({"schema_version":1,"supportedVersions":["a",1]})") ==
        "/supportedVersions/1: is of type number, not string");
  CHECK(refusal(R"({"schema_version":1,"tools":{"a/b":{"name":"c"}}})") ==
        R"(/tools/a~1b/name: is ""c"", but it stands under "a/b")");
  CHECK(refusal(R"({"schema_version":1,"lists":{"tools":{"order":{}}}})") ==
        "/lists/tools/order: is of type object, not array");
}

TEST_CASE("reader: a digest that does not fit is warned of, with the items that were changed") {
  auto text = read(R"({"tools":[{"name":"a","title":"x"},{"name":"b"}]})").snapshot->file_text();
  text.replace(text.find(R"("x")"), 3, R"("y")");
  const auto result = read(text);
  REQUIRE(result.snapshot);
  CHECK(result.warnings == std::vector<std::string>{
                               R"(the digest does not fit the content (tool "a"): it was changed )"
                               "after it was taken"});
}
