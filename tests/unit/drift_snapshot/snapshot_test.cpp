#include "probes/drift/snapshot.hpp"

#include <doctest/doctest.h>

#include <string>

#include "mcp/base/digest.hpp"

namespace {

using mcp::schema::parse_value;
using namespace probes::drift;

Snapshot snapshot_of(std::string_view document) {
  const auto value = parse_value(document);
  REQUIRE(value);
  return Snapshot(*value);
}

constexpr auto two_tools = R"({
  "era": "legacy",
  "serverInfo": {"name": "shop", "version": "1.2.3"},
  "tools": {"sell": {"name": "sell"}, "buy": {"name": "buy", "title": "Buy"}},
  "lists": {"tools": {"order": ["sell", "buy"], "pages": 1}}
})";

}  // namespace

TEST_CASE("snapshot: it gives the items, their order and texts") {
  const auto snapshot = snapshot_of(two_tools);
  CHECK(snapshot.items(tool_kind).size() == 2);
  CHECK(snapshot.items(prompt_kind).empty());
  CHECK(snapshot.order(tool_kind) == std::vector<std::string>{"sell", "buy"});
  CHECK(snapshot.order(resource_kind).empty());
  CHECK(snapshot.text("era") == "legacy");
  CHECK(snapshot.text("serverInfo", "version") == "1.2.3");
  CHECK(snapshot.text("serverInfo") == "");
  CHECK(snapshot.text("instructions") == "");
}

TEST_CASE("snapshot: each item has the digest of its canonical text") {
  const auto snapshot = snapshot_of(two_tools);
  const auto* digests = snapshot.document().find("digests");
  REQUIRE(digests != nullptr);
  CHECK(digests->text() ==
        R"({"tools":{"buy":")" + mcp::sha256_digest(R"({"name":"buy","title":"Buy"})") +
            R"(","sell":")" + mcp::sha256_digest(R"({"name":"sell"})") + R"("}})");
  CHECK(snapshot.text("digest") == snapshot.digest());
}

TEST_CASE("snapshot: the digest depends on content, not on the order of members or number forms") {
  const auto one = snapshot_of(R"({"tools":{"a":{"name":"a","x":1.0}},"era":"legacy"})");
  const auto same = snapshot_of(R"({"era":"legacy","tools":{"a":{"x":1,"name":"a"}}})");
  const auto other = snapshot_of(R"({"era":"legacy","tools":{"a":{"x":2,"name":"a"}}})");
  CHECK(one.digest() == same.digest());
  CHECK(one.file_text() == same.file_text());
  CHECK(one.digest() != other.digest());
}

TEST_CASE("snapshot: digests that were in the document are computed anew") {
  const auto one =
      snapshot_of(R"({"tools":{},"digest":"sha256:00","digests":{"tools":{"x":"y"}}})");
  CHECK(one.digest() == snapshot_of(R"({"tools":{}})").digest());
  CHECK(one.document().find("digests")->text() == R"({"tools":{}})");
}

TEST_CASE("snapshot: a file that was read and written again is the same, byte for byte") {
  const auto text = snapshot_of(R"({
    "era": "modern", "protocolVersion": "2026-07-28", "supportedVersions": ["2026-07-28"],
    "serverInfo": {"name": "a\u202eb"}, "capabilities": {"tools": {}},
    "instructions": "one\ntwo", "discover": {"ttlMs": 5, "cacheScope": "public"},
    "handshake": {"_meta": {"n": 1e300, "m": 0.10}, "resultType": "complete"},
    "tools": {"a/b~c": {"name": "a/b~c", "inputSchema": {}, "big": 123456789012345678901}},
    "lists": {"tools": {"order": ["a/b~c"], "pages": 2, "ttlMs": 9, "cacheScope": "private",
                        "duplicates": [{"name": "a/b~c"}], "unnamed": [{"title": "x"}]}},
    "redacted": ["/tools/*/_meta"]})")
                        .file_text();
  std::vector<std::string> warnings;
  const auto again = read_snapshot(text, warnings);
  REQUIRE(again);
  CHECK(again->file_text() == text);
  CHECK(warnings.empty());
  CHECK(text.ends_with("}\n"));
  CHECK(!text.ends_with("\n\n"));
}
