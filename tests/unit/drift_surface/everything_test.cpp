#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/drift_surface/snapshots.hpp"

using namespace drift_surface;
using namespace probes::drift;
using mcp::schema::child_pointer;
using mcp::schema::Type;
using mcp::schema::Value;

namespace {

/// Every member that a snapshot can have, and some that nobody knows.
constexpr auto document = R"({
  "era": "modern", "protocolVersion": "2026-07-28", "supportedVersions": ["2026-07-28", "2027-01-01"],
  "serverInfo": {"name": "s", "title": "S", "version": "1.0.0", "description": "d",
    "websiteUrl": "https://s.org", "icons": [{"src": "https://s.org/i.png"}], "x": 1},
  "capabilities": {"tools": {"listChanged": true, "x": 1}, "prompts": {}, "logging": {},
    "resources": {"subscribe": true, "listChanged": true}, "completions": {}, "x": {"y": 1},
    "extensions": {"a/b": {"c": 1}, "io.modelcontextprotocol/tasks": {}}, "experimental": {"e": {}}},
  "instructions": "Use the tools.", "discover": {"ttlMs": 1000, "cacheScope": "public", "x": 1},
  "handshake": {"_meta": {"a": 1}, "x": 2}, "x": {"y": [1, 2]},
  "tools": {"t": {"name": "t", "title": "T", "description": "d",
    "inputSchema": {"type": "object", "description": "i", "properties": {
      "a": {"type": "string", "description": "x", "x-mcp-header": "A"}}, "required": ["a"]},
    "outputSchema": {"type": "object", "properties": {"b": {"type": "integer"}}},
    "annotations": {"title": "U", "readOnlyHint": false, "destructiveHint": false,
      "idempotentHint": true, "openWorldHint": false, "x": 1},
    "execution": {"taskSupport": "optional", "x": 1}, "_meta": {"m": 1, "auth": 2},
    "icons": [{"src": "data:,", "sizes": ["1x1"]}], "x": 1}},
  "prompts": {"p": {"name": "p", "title": "P", "description": "d", "_meta": {"m": 1},
    "icons": [{"src": "data:,"}], "x": 1,
    "arguments": [{"name": "a", "title": "A", "description": "d", "required": true, "x": 1}]}},
  "resources": {"r:1": {"uri": "r:1", "name": "r", "title": "R", "description": "d",
    "mimeType": "text/plain", "size": 1, "annotations": {"priority": 0.5}, "_meta": {"m": 1},
    "x": 1}},
  "resourceTemplates": {"r:{a}": {"uriTemplate": "r:{a}", "name": "r", "title": "R",
    "description": "d", "mimeType": "text/plain", "annotations": {"priority": 0.5}, "x": 1}},
  "lists": {"tools": {"order": ["t"], "pages": 2, "ttlMs": 1000, "cacheScope": "private", "x": 1,
      "duplicates": [{"name": "t"}]},
    "prompts": {"order": ["p"], "pages": 1, "ttlMs": 1000, "cacheScope": "private"}}
})";

/// Calls `use` with a copy of `value` for each member or element in it that is gone, and for each
/// that has become `other`.
void vary(const Value& value, const std::string& pointer, const Value& other,
          const std::function<void(const std::string&, const Value&)>& use) {
  if (value.is(Type::object)) {
    for (const auto& [name, each] : value.object()) {
      const auto where = child_pointer(pointer, name);
      auto members = value.object();
      members.erase(name);
      use(where, Value(members));
      members.insert_or_assign(name, other);
      use(where, Value(members));
      vary(each, where, other, [&](const std::string& inner, const Value& changed) {
        members.insert_or_assign(name, changed);
        use(inner, Value(members));
      });
    }
  } else if (value.is(Type::array)) {
    for (std::size_t index = 0; index < value.array().size(); ++index) {
      auto elements = value.array();
      elements[index] = other;
      use(child_pointer(pointer, std::to_string(index)), Value(elements));
    }
  }
}

/// What the order holds follows from the items; a list that is not there says nothing.
bool may_be_silent(const std::string& pointer) {
  return pointer.find("/order") != std::string::npos || pointer == "/lists" ||
         pointer == "/lists/tools" || pointer == "/lists/prompts";
}

}  // namespace

TEST_CASE("drift: whatever member is removed or replaced, something is told, both ways") {
  const auto original = snapshot(document);
  for (const auto* text : {"7", "\"other\"", "{}", "[]", "null", "{\"other\":[1]}"}) {
    const auto other = *mcp::schema::parse_value(text);
    vary(*mcp::schema::parse_value(document), "", other,
         [&](const std::string& pointer, const Value& changed) {
           const Snapshot varied(changed);
           if (may_be_silent(pointer) || varied.digest() == original.digest()) return;
           CAPTURE(pointer);
           CAPTURE(text);
           CHECK(!diff(original, varied).changes.empty());
           CHECK(!diff(varied, original).changes.empty());
         });
  }
}
