#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "probes/drift/snapshot.hpp"

namespace {

using namespace probes::drift;

Snapshot example() {
  std::vector<std::string> warnings;
  auto snapshot = read_snapshot(R"({
    "protocolVersion": "2025-06-18", "_meta": {"build": 1, "time": 2},
    "tools": [{"name": "b", "description": "d", "inputSchema": {"properties": {"a/b": {
      "description": "in"}}}}, {"name": "a", "_meta": {"x": 1}, "icons": [{"src": "1"}]}],
    "prompts": [{"name": "p", "description": "e"}]})",
                                warnings);
  REQUIRE(snapshot);
  return *snapshot;
}

std::string member(const Snapshot& snapshot, std::string_view name) {
  const auto* found = snapshot.document().find(name);
  return found == nullptr ? "" : found->text();
}

std::string refusal(const std::string& pattern) {
  const auto result = redact(example(), {pattern});
  REQUIRE(!result);
  CHECK(result.error().kind == mcp::ErrorKind::usage);
  return result.error().message;
}

}  // namespace

TEST_CASE("redaction: a plain pointer leaves out one value, and says so") {
  const auto result = redact(example(), {"/handshake/_meta/time"});
  REQUIRE(result);
  CHECK(member(*result, "handshake") == R"({"_meta":{"build":1}})");
  CHECK(member(*result, "redacted") == R"(["/handshake/_meta/time"])");
  CHECK(result->digest() != example().digest());
}

TEST_CASE("redaction: * stands for any one token") {
  const auto result = redact(example(), {"/tools/*/_meta", "/tools/*/icons/*/src"});
  REQUIRE(result);
  CHECK(result->items(tool_kind).at("a").text() == R"({"icons":[{}],"name":"a"})");
  CHECK(result->items(tool_kind).at("b") == example().items(tool_kind).at("b"));
}

TEST_CASE("redaction: ** stands for any number of tokens, none among them") {
  const auto result = redact(example(), {"/**/description"});
  REQUIRE(result);
  CHECK(result->items(tool_kind).at("b").text() ==
        R"({"inputSchema":{"properties":{"a/b":{}}},"name":"b"})");
  CHECK(result->items(prompt_kind).at("p").text() == R"({"name":"p"})");
  const auto top = redact(example(), {"/**/tools"});
  CHECK(member(*top, "tools") == "");
  CHECK(member(*top, "lists") == R"({"prompts":{"order":["p"]}})");
}

TEST_CASE("redaction: tokens are unescaped") {
  const auto result = redact(example(), {"/tools/b/inputSchema/properties/a~1b"});
  REQUIRE(result);
  CHECK(result->items(tool_kind).at("b").text() ==
        R"({"description":"d","inputSchema":{"properties":{}},"name":"b"})");
}

TEST_CASE("redaction: a whole item goes from the order and the digests too") {
  const auto result = redact(example(), {"/tools/b"});
  REQUIRE(result);
  CHECK(result->order(tool_kind) == std::vector<std::string>{"a"});
  CHECK(result->document().find("digests")->find("tools")->find("b") == nullptr);
}

TEST_CASE("redaction: patterns add up, each once, and the file can be read again") {
  const auto once = redact(example(), {"/tools/*/name", "/era"});
  const auto twice = redact(*once, {"/era", "/**/build"});
  REQUIRE(twice);
  CHECK(member(*twice, "redacted") == R"(["/**/build","/era","/tools/*/name"])");
  std::vector<std::string> warnings;
  const auto again = read_snapshot(twice->file_text(), warnings);
  REQUIRE(again);
  CHECK(again->file_text() == twice->file_text());
  CHECK(warnings.empty());
}

TEST_CASE("redaction: two snapshots that differ in redacted values only have one digest") {
  std::vector<std::string> warnings;
  const auto one = read_snapshot(R"({"tools":[{"name":"a","_meta":{"t":1}}]})", warnings);
  const auto two = read_snapshot(R"({"tools":[{"name":"a","_meta":{"t":2}}]})", warnings);
  CHECK(one->digest() != two->digest());
  CHECK(redact(*one, {"/**/t"})->digest() == redact(*two, {"/**/t"})->digest());
}

TEST_CASE("redaction: what is no pointer is refused") {
  CHECK(refusal("tools/a").find("begins with a slash") != std::string::npos);
  CHECK(refusal("").find("the whole snapshot") != std::string::npos);
  CHECK(refusal("/a~2b").find("~0") != std::string::npos);
  CHECK(refusal("/digest").find("stays") != std::string::npos);
}
