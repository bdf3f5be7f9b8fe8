#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/drift_surface/snapshots.hpp"

using namespace drift_surface;
using namespace probes::drift;

namespace {
using Rules = std::vector<std::string>;
}

TEST_CASE("diff: the worst comes first, then kind, name, pointer and rule") {
  const auto found =
      changes(R"({"tools":{"b":{"title":"x","description":"x"},"gone":{}},"instructions":"x"})",
              R"({"tools":{"b":{"title":"y","description":"y"},"a":{}},"instructions":"y"})");
  CHECK(rules_of(found) == Rules{"tool-removed", "instructions-changed", "tool-description-changed",
                                 "tool-added", "tool-title-changed"});
}

TEST_CASE("diff: the order of members and the format of numbers change no fingerprint") {
  const auto first = changes(R"({"tools":{"t":{"_meta":{"a":1,"b":2}}}})",
                             R"({"tools":{"t":{"_meta":{"a":1.50,"b":2}}}})");
  const auto second = changes(R"({"tools":{"t":{"_meta":{"b":2.0,"a":1}}}})",
                              R"( {"tools": {"t": {"_meta": {"b": 2, "a": 15e-1}}}} )");
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  CHECK(first.front().fingerprint == second.front().fingerprint);
  CHECK(first.front().fingerprint.size() == 16);
}

TEST_CASE("diff: equal tools in another order differ in the order only") {
  std::vector<std::string> warnings;
  const auto older = read_snapshot(R"({"tools":[{"name":"a"},{"name":"b"}]})", warnings);
  const auto newer = read_snapshot(R"({"tools":[{"name":"b"},{"name":"a"}]})", warnings);
  REQUIRE(older);
  REQUIRE(newer);
  CHECK(rules_of(diff(*older, *newer).changes) == Rules{"tool-order-changed"});
  CHECK(rules_of(diff(*older, *older).changes) == Rules{});
}

TEST_CASE("diff: tools that come and go are no other order") {
  const auto found = changes(R"({"tools":{"a":{},"b":{}},"lists":{"tools":{"order":["a","b"]}}})",
                             R"({"tools":{"b":{},"c":{}},"lists":{"tools":{"order":["c","b"]}}})");
  CHECK(rules_of(found) == Rules{"tool-removed", "tool-added"});
}

TEST_CASE("diff: what one side has redacted is compared on neither") {
  const auto found =
      changes(R"({"tools":{"t":{"_meta":{"build":1},"title":"a"}},"instructions":"x"})",
              R"({"tools":{"t":{"title":"b"}},"instructions":"y","redacted":["/tools/*/_meta"]})");
  CHECK(rules_of(found) == Rules{"instructions-changed", "tool-title-changed"});
}

TEST_CASE("diff: beside a bare list of tools only the tools are compared, and that is said") {
  std::vector<std::string> warnings;
  const auto bare = read_snapshot(R"({"tools":[{"name":"a"}]})", warnings);
  REQUIRE(bare);
  const auto whole = snapshot(
      R"({"era":"legacy","protocolVersion":"2025-11-25","serverInfo":{"name":"s"},
          "capabilities":{"prompts":{}},"tools":{"b":{"name":"b"}},"prompts":{"p":{}},
          "lists":{"tools":{"order":["b"],"pages":1},"prompts":{"order":["p"]}}})");
  const auto found = diff(*bare, whole);
  CHECK(rules_of(found.changes) == Rules{"tool-removed", "tool-added"});
  CHECK(found.notes ==
        std::vector<std::string>{
            "The older snapshot is a list without a handshake, so the server, its capabilities and "
            "revisions are not compared.",
            "The older snapshot has no list of prompts, so they are not compared."});
  CHECK(diff(whole, *bare).notes.front().starts_with("The newer snapshot"));
}

TEST_CASE("diff: a redaction that is no pointer leaves everything in") {
  const auto found = changes(R"({"instructions":"x","redacted":["nonsense",7]})",
                             R"({"instructions":"y","redacted":["nonsense"]})");
  CHECK(rules_of(found) == Rules{"instructions-changed"});
}

TEST_CASE("diff: another era is said once, not by each member that follows from it") {
  constexpr auto legacy =
      R"({"era":"legacy","protocolVersion":"2025-11-25","capabilities":{"tools":{}},
          "tools":{"t":{"name":"t"}},"lists":{"tools":{"order":["t"],"pages":1}}})";
  constexpr auto modern =
      R"({"era":"modern","protocolVersion":"2026-07-28","supportedVersions":["2026-07-28"],
          "capabilities":{"tools":{}},"discover":{"ttlMs":0,"cacheScope":"public"},
          "tools":{"t":{"name":"t"}},
          "lists":{"tools":{"order":["t"],"pages":1,"ttlMs":5,"cacheScope":"public"}}})";
  CHECK(rules_of(changes(legacy, modern)) == Rules{"protocol-era-changed"});
  CHECK(rules_of(changes(legacy, modern, {.compare_eras = true})) == Rules{});
}

TEST_CASE("diff: two eras of one server are compared in what both can say") {
  const auto found = changes(
      R"({"era":"legacy","capabilities":{"tasks":{},"prompts":{}},
          "tools":{"t":{"execution":{"taskSupport":"required"}},"old":{}}})",
      R"({"era":"modern","capabilities":{"extensions":{"a/b":{}}},"tools":{"t":{}}})",
      {.compare_eras = true});
  CHECK(rules_of(found) == Rules{"capability-removed", "tool-removed"});
}

TEST_CASE("diff: no version on either side is no version that stayed") {
  CHECK(rules_of(changes(R"({"instructions":"a"})", R"({"instructions":"b"})")) ==
        Rules{"instructions-changed"});
}

TEST_CASE("diff: another order of the list is no reason for another version") {
  const auto found = changes(
      R"({"serverInfo":{"version":"1"},"tools":{"a":{},"b":{}},"lists":{"tools":{"order":["a","b"]}}})",
      R"({"serverInfo":{"version":"1"},"tools":{"a":{},"b":{}},"lists":{"tools":{"order":["b","a"]}}})");
  CHECK(rules_of(found) == Rules{"tool-order-changed"});
}

TEST_CASE("diff: a change inside a schema is told by the rules of schemas") {
  const auto found = changes(
      R"({"tools":{"t":{"inputSchema":{"type":"object","properties":{"a":{"type":"string"}}}}}})",
      R"({"tools":{"t":{"inputSchema":{"type":"object","properties":{"a":{"type":"string"}},
          "required":["a"]}}}})");
  REQUIRE(found.size() == 1);
  CHECK(found.front().direction == Direction::input);
  CHECK(found.front().severity == Severity::breaking);
  CHECK(found.front().name == "t");
  REQUIRE(found.front().witness);
}

TEST_CASE("context cost: only what a model gets is counted, as compact JSON") {
  const auto snapshot = with_tools(
      R"({"t":{"name":"t","description":"d","inputSchema":{},"annotations":{"title":"long"},
               "_meta":{"a":"b"},"icons":[]}})");
  const auto cost = context_cost(snapshot);
  const std::string seen = R"([{"description":"d","inputSchema":{},"name":"t"}])";
  CHECK(cost.bytes == seen.size());
  CHECK(cost.tokens == (seen.size() + 3) / 4);
  CHECK(context_cost(with_tools("{}")).bytes == 0);
}

TEST_CASE("context cost: growth below the threshold is no change of its own") {
  const std::string older = R"({"tools":{"t":{"description":"a"}}})";
  const std::string newer = R"({"tools":{"t":{"description":"a, and forty more bytes of text"}}})";
  CHECK(rules_of(changes(older, newer)) == Rules{"tool-description-changed"});
  const auto found = changes(older, newer, {.token_growth = 7});
  CHECK(only(found, "tool-surface-context-cost-increased").pointer == "/tools");
}

TEST_CASE("renamed tools: a guess needs the same arguments and alike names or texts") {
  constexpr auto args = R"("inputSchema":{"properties":{"id":{},"depth":{}}})";
  const auto tool = [&](std::string_view name, std::string_view text) {
    return "{\"tools\":{\"" + std::string(name) + R"(":{"description":")" + std::string(text) +
           "\"," + args + "}}}";
  };
  const auto told = [&](std::string_view name, std::string_view text) {
    return rules_of(
        changes(tool("read_tree", "Reads a tree of files below a folder"), tool(name, text)));
  };
  CHECK(std::ranges::count(told("read_file_tree", "Other words"), "tool-renamed") == 1);
  CHECK(std::ranges::count(told("walk", "Reads a tree of files below a folder"), "tool-renamed") ==
        1);
  CHECK(std::ranges::count(told("readTree", "Other words"), "tool-renamed") == 1);
  CHECK(std::ranges::count(told("drop_tree", "Deletes everything"), "tool-renamed") == 0);
}
